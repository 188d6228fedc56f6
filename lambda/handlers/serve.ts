import { Logger } from '@aws-lambda-powertools/logger'
import type * as z from 'zod'
import { InvalidInput } from '../contract/errors.ts'

export interface Serving<Input, Output> {
  input: z.ZodType<Input>
  run: (input: Input) => Promise<Output>
  /** Fields of the one line that says how it went; never tokens, comments or whole events. */
  about: (input: Input, output: Output) => Record<string, unknown>
}

/** Made once per cold start; every line carries the function's name. */
export const logger = new Logger({ serviceName: 'gatehouse' })

/** A handler: parse, call, log one line, return. Errors go out by name, which is the protocol with the state machine. */
export function serve<Input, Output>({
  input,
  run,
  about,
}: Serving<Input, Output>): (event: unknown) => Promise<Output> {
  return async (event) => {
    const parsed = input.safeParse(event)
    if (!parsed.success) throw new InvalidInput(`expected the agreed input, got another: ${problemsOf(parsed.error)}`)
    const output = await run(parsed.data)
    logger.info('done', about(parsed.data, output))
    return output
  }
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `\`${issue.path.join('.')}\`: ${issue.message}`).join('; ')
}
