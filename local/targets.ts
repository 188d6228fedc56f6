import type { Assembly } from './assembly/specs.ts'
import type { Functions } from './functions.ts'
import type { Queues } from './queues.ts'

/** Where rules and schedules deliver: a queue, or a function invoked without waiting. */
export interface Targets {
  deliver: (arn: string, body: string) => void
}

/** Throws for a rule or schedule whose target is neither, naming it: nothing is lost silently later. */
export function createTargets(options: { assembly: Assembly; queues: Queues; functions: Functions }): Targets {
  const { assembly, queues, functions } = options
  const used = [
    ...assembly.rules.flatMap(({ id, targets }) => targets.map(({ arn }) => ({ id, arn }))),
    ...assembly.schedules.map(({ id, targetArn }) => ({ id, arn: targetArn })),
  ]
  for (const { id, arn } of used)
    if (queues.byArn(arn) === undefined && functions.find(arn) === undefined)
      throw new Error(`${id}: its target ${arn} is neither a queue nor a function of the app`)
  return {
    deliver(arn, body) {
      const queue = queues.byArn(arn)
      if (queue !== undefined) queue.send(body)
      else void functions.invoke(arn, body)
    },
  }
}
