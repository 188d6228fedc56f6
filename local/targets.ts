import type { Assembly } from './assembly/specs.ts'
import type { LocalClock } from './clock.ts'
import type { Functions } from './functions.ts'
import type { Queues } from './queues.ts'

/** An event that a function fails at comes again twice: after one minute, and after two more. */
const retryAfterMs = [60_000, 120_000]

/** Where rules and schedules deliver: a queue, or a function invoked without waiting. */
export interface Targets {
  deliver: (arn: string, body: string) => void
}

/** Throws for a rule or schedule whose target is neither, naming it: nothing is lost silently later. */
export function createTargets(options: {
  assembly: Assembly
  queues: Queues
  functions: Functions
  clock: LocalClock
}): Targets {
  const { assembly, queues, functions, clock } = options
  const used = [
    ...assembly.rules.flatMap(({ id, targets }) => targets.map(({ arn }) => ({ id, arn }))),
    ...assembly.schedules.map(({ id, targetArn }) => ({ id, arn: targetArn })),
  ]
  for (const { id, arn } of used)
    if (queues.byArn(arn) === undefined && functions.find(arn) === undefined)
      throw new Error(`${id}: its target ${arn} is neither a queue nor a function of the app`)

  /** As Lambda does for events: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
  async function invoke(arn: string, body: string, [wait, ...waits]: readonly number[]): Promise<void> {
    const { ok } = await functions.invoke(arn, body)
    if (!ok && wait !== undefined) clock.at(clock.now() + wait, () => void invoke(arn, body, waits))
  }

  return {
    deliver(arn, body) {
      const queue = queues.byArn(arn)
      if (queue !== undefined) queue.send(body)
      else void invoke(arn, body, retryAfterMs)
    },
  }
}
