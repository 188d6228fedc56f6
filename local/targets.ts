import type { Assembly } from './assembly/specs.ts'
import type { LocalClock } from './clock.ts'
import { isBus } from './bus-arn.ts'
import type { Functions } from './functions.ts'
import type { Authority } from './iam/authority.ts'
import { isAuthorized } from './iam/refusal.ts'
import type { Queues } from './queues.ts'

/** An event that a function fails at comes again twice: after one minute, and after two more. */
const retryAfterMs = [60_000, 120_000]

/** Who delivers: a rule, which its targets have to let in, or a schedule under its role. */
export interface Sender {
  /** `events.amazonaws.com` */
  service: string
  sourceArn: string
  roleArn?: string
}

export interface Delivery {
  by: Sender
  targetArn: string
  body: string
  /** Where it goes when the target does not let the sender in. */
  deadLetterArn?: string | undefined
}

/** Where rules and schedules deliver: a queue, or a function invoked without waiting. */
export interface Targets {
  deliver: (delivery: Delivery) => void
}

export interface TargetsOptions {
  assembly: Assembly
  queues: Queues
  functions: Functions
  authority: Authority
  clock: LocalClock
}

/** Throws for a rule or schedule whose target is not there, naming it: nothing is lost silently later. */
export function createTargets({ assembly, queues, functions, authority, clock }: TargetsOptions): Targets {
  const used = [
    ...assembly.rules.flatMap(({ id, targets }) => targets.map(({ arn }) => ({ id, arn }))),
    ...assembly.schedules.map(({ id, targetArn }) => ({ id, arn: targetArn })),
  ]
  for (const { id, arn } of used)
    if (!isBus(arn) && queues.byArn(arn) === undefined && functions.find(arn) === undefined)
      throw new Error(`${id}: its target ${arn} is no queue, function or event bus of the app`)

  /** As Lambda does for events: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
  async function invoke(arn: string, body: string, [wait, ...waits]: readonly number[]): Promise<void> {
    const { ok } = await functions.invoke(arn, body)
    if (!ok && wait !== undefined) clock.at(clock.now() + wait, () => void invoke(arn, body, waits))
  }

  function isLetIn({ by, targetArn }: Delivery): boolean {
    const action = queues.byArn(targetArn) === undefined ? 'lambda:InvokeFunction' : 'sqs:SendMessage'
    return isAuthorized(() => {
      authority.checkService({ ...by, action, resource: targetArn })
    })
  }

  function deliver(delivery: Delivery): void {
    const { by, targetArn, body, deadLetterArn } = delivery
    if (isLetIn(delivery)) {
      const queue = queues.byArn(targetArn)
      if (queue !== undefined) queue.send(body)
      else void invoke(targetArn, body, retryAfterMs)
    } else if (deadLetterArn !== undefined) deliver({ by, targetArn: deadLetterArn, body })
  }

  return { deliver }
}
