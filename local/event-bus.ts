import { randomUUID } from 'node:crypto'
import type { RuleSpec, RuleTarget } from './assembly/specs.ts'
import { compilePattern } from './aws/pattern.ts'
import type { EventMatcher } from './aws/pattern.ts'
import type { BusEvent, RaiseEvent } from './aws/service.ts'
import { busArnOf, isBus } from './bus-arn.ts'
import { accountIn, type Deployments } from './deployments.ts'
import { targetInput } from './event-input.ts'
import type { Authority } from './iam/authority.ts'
import { isAuthorized } from './iam/refusal.ts'
import type { Delivery } from './targets.ts'

export interface EventBusOptions {
  deployments: Pick<Deployments, 'in' | 'accounts'>
  authority: Pick<Authority, 'checkTrust' | 'checkService'>
  deliver: (delivery: Delivery) => void
}

export interface EventBuses {
  /** On the default bus of the event's account and region. */
  raise: RaiseEvent
  /** On any bus that is there. */
  put: (busArn: string, event: BusEvent) => void
  /** Every account has a default bus in each region; the others are deployed. */
  exists: (busArn: string) => boolean
}

const service = 'events.amazonaws.com'

type Envelope = BusEvent & { version: '0'; id: string }

/** Buses of every account and region: their rules pass each event to their targets, of which another bus may be one. */
export function createEventBuses({ deployments, authority, deliver }: EventBusOptions): EventBuses {
  const compiled = new WeakMap<RuleSpec, EventMatcher>()

  function matcherOf(rule: RuleSpec): EventMatcher {
    const known = compiled.get(rule) ?? compileRule(rule)
    compiled.set(rule, known)
    return known
  }

  function pass(busArn: string, event: Envelope, { wasForwarded }: { wasForwarded: boolean }): void {
    for (const rule of deployments.in(accountIn(busArn) ?? '').rules) {
      if (rule.busArn !== busArn || !matcherOf(rule)(event)) continue
      for (const target of rule.targets) {
        if (!isBus(target.arn)) send({ rule, target, body: targetInput(target, event) })
        // There is no second hop: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
        else if (!wasForwarded) forward(rule, target, event)
      }
    }
  }

  function send({ rule, target, body }: { rule: RuleSpec; target: RuleTarget; body: string }): void {
    const by = { service, sourceArn: rule.arn }
    deliver({ by, targetArn: target.arn, body, deadLetterArn: target.deadLetterArn })
  }

  /** Under the role of the target, which both sides have to let. */
  function forward(rule: RuleSpec, target: RuleTarget, event: Envelope): void {
    const mayPut = isAuthorized(() => {
      const by = { service, sourceArn: rule.arn, roleArn: target.roleArn ?? 'none' }
      authority.checkTrust(by)
      const context = { 'events:source': event.source, 'events:detail-type': event['detail-type'] }
      authority.checkService({ ...by, action: 'events:PutEvents', resource: target.arn, context })
    })
    if (mayPut) pass(target.arn, event, { wasForwarded: true })
    else if (target.deadLetterArn !== undefined)
      send({ rule, target: { arn: target.deadLetterArn }, body: JSON.stringify(event) })
  }

  function put(busArn: string, event: BusEvent): void {
    pass(busArn, { version: '0', id: randomUUID(), ...event }, { wasForwarded: false })
  }

  // A pattern that cannot run here is told at the start.
  for (const rule of deployments
    .accounts()
    .slice(0, 1)
    .flatMap((account) => deployments.in(account).rules))
    matcherOf(rule)

  return {
    raise: (event) => {
      put(busArnOf({ ...event, name: 'default' }), event)
    },
    put,
    exists: (busArn) =>
      /:event-bus\/default$/.test(busArn) ||
      deployments.in(accountIn(busArn) ?? '').buses.some(({ arn }) => arn === busArn),
  }
}

function compileRule({ id, pattern, targets }: RuleSpec): EventMatcher {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
  if (targets.some((target) => isBus(target.arn) && (target.transformer ?? target.input) !== undefined))
    throw new Error(`${id}: another bus gets events as they are`)
  try {
    return compilePattern(pattern)
  } catch (error) {
    throw new Error(`${id}: the event pattern cannot run here`, { cause: error })
  }
}
