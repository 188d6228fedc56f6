import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs'
import { GatehouseError } from '../contract/errors.ts'
import { lineAtByte } from './statements.ts'

/** What is wrong with a policy set, and where. */
export interface PolicyProblem {
  file: string
  /** From 1. */
  line: number
  reason: string
}

/** The policy set must not be used: synth and `policy test` stop here. */
export class PolicySetInvalid extends GatehouseError {
  override readonly name = 'PolicySetInvalid'
  readonly problems: readonly PolicyProblem[]

  constructor(problems: readonly PolicyProblem[]) {
    super(`the policies are not valid\n${problems.map(formatProblem).join('\n')}`)
    this.problems = problems
  }
}

function formatProblem({ file, line, reason }: PolicyProblem): string {
  return `  ${file}:${line}: ${reason}`
}

/** Cedar's error about a text that begins on `line` of `file`. */
export function problemOf(error: DetailedError, at: { file: string; line: number; text: string }): PolicyProblem {
  const byte = error.sourceLocations?.[0]?.start ?? 0
  const help = error.help === null ? '' : ` (${error.help})`
  return { file: at.file, line: at.line + lineAtByte(at.text, byte) - 1, reason: `${error.message}${help}` }
}
