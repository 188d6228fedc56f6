import type * as z from 'zod'
import { EngineError } from '../errors.ts'

export interface Problem {
  /** Where in the definition, such as `States.Ask for approval.ResultPath`. */
  readonly path: string
  readonly message: string
}

/** The definition holds something that the engine does not run; nothing of it was registered. */
export class DefinitionRefused extends EngineError {
  readonly problems: readonly Problem[]

  constructor(machine: string, problems: readonly Problem[]) {
    const lines = problems.map(({ path, message }) => `  ${path === '' ? 'definition' : path}: ${message}`)
    super('DefinitionRefused', [`state machine \`${machine}\` is refused`, ...lines].join('\n'))
    this.problems = problems
  }
}

/** One problem per field, with names instead of zod's structures. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => describe(issue))
}

function describe(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: join(path, key), message: 'this field is not supported' }))
    case 'invalid_union':
      return [
        {
          path,
          message:
            issue.discriminator === undefined
              ? 'is neither form that is supported'
              : 'this state type is not supported',
        },
      ]
    default:
      return [{ path, message: issue.message }]
  }
}

export function join(...parts: (string | number)[]): string {
  return parts.filter((part) => part !== '').join('.')
}
