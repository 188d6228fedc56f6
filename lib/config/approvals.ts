import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { approverSchema, signInSettingsSchema, slackSettingsSchema } from '../../lambda/contract/settings.ts'
import type { Mode } from '../../lambda/domain/event.ts'
import { groupKeySchema, withoutProto } from './keys.ts'
import type { Report } from './report.ts'

const groupRecordSchema = z.record(
  groupKeySchema,
  z.strictObject({
    approvers: z.array(approverSchema).min(1, 'at least one approver'),
    /** How many of them have to accept. One reject always decides. */
    quorum: z.int().min(1, 'at least 1').default(1),
  }),
)

/** Who is asked. A person may be in several groups, everywhere with the same data. */
export const groupsSchema = withoutProto<z.input<typeof groupRecordSchema>>('groups')
  .pipe(groupRecordSchema)
  .default({})

const fractionSchema = z.number().gt(0, 'more than 0').lt(1, 'less than 1: a fraction of the time left')

export const approvalsSchema = z.strictObject({
  /** Asked where no policy names a group. May be left out where there is one group only. */
  defaultGroup: z.string().optional(),
  /** Asked, too, when time runs short or nobody else can be reached; counts in place of any group. */
  escalationGroup: z.string().optional(),
  /** Fractions of the time left at asking at which those who have not voted are reminded. */
  remindAt: z
    .array(fractionSchema)
    .max(10, 'at most 10 reminders')
    .refine(isAscending, 'fractions in ascending order, none twice')
    .default([0.5, 0.75]),
  escalateAt: fractionSchema.default(0.75),
  /** So many open asks of one counterparty to one account get messages of their own; more share an hourly digest. */
  personalAsks: z.int().min(0, 'at least 0').max(1000, 'at most 1000').default(20),
  slack: slackSettingsSchema.optional(),
  signIn: signInSettingsSchema.optional(),
})

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((value, index) => index === 0 || value > (numbers[index - 1] ?? 0))
}

interface Asking {
  groups: z.output<typeof groupsSchema>
  approvals: z.output<typeof approvalsSchema>
}

type GroupApprover = Asking['groups'][string]['approvers'][number]

/** Everybody of every group, each once. */
export function peopleOf({ groups }: Pick<Asking, 'groups'>): GroupApprover[] {
  const people = new Map<string, GroupApprover>()
  for (const { approvers } of Object.values(groups)) for (const person of approvers) people.set(person.id, person)
  return [...people.values()]
}

export function defaultGroupOf({ groups, approvals }: Asking): string | undefined {
  const [only, ...others] = Object.keys(groups)
  return approvals.defaultGroup ?? (others.length === 0 ? only : undefined)
}

/** One person must not count twice, and two ids must not look alike; in another group the same person is the same. */
export function checkApprovers({ groups, mode }: Pick<Asking, 'groups'> & { mode: Mode }, report: Report): void {
  const words = { id: 'id', email: 'e-mail', slackUserId: 'Slack id' } as const
  const known = new Map<string, { person: GroupApprover; group: string }>()
  for (const [group, { approvers, quorum }] of Object.entries(groups)) {
    for (const [index, person] of approvers.entries()) {
      for (const key of ['id', 'email', 'slackUserId'] as const) {
        const value = person[key]
        if (value === undefined) continue
        const folded = `${key} ${value.toLowerCase()}`
        const before = known.get(folded)
        const isSame = before?.group !== group && isDeepStrictEqual(before?.person, person)
        if (before !== undefined && !isSame)
          report(['groups', group, 'approvers', index, key], `an ${words[key]} that no other approver has`, value)
        else known.set(folded, { person, group })
      }
    }
    if (quorum > approvers.length)
      report(['groups', group, 'quorum'], `at most ${approvers.length}, the number of its approvers`, quorum)
  }
  if (mode === 'enforce' && Object.keys(groups).length === 0)
    report(['groups'], "at least one group of approvers when mode is 'enforce'", groups)
}

export function checkApprovals({ groups, approvals }: Asking, report: Report): void {
  const names = Object.keys(groups)
  for (const key of ['defaultGroup', 'escalationGroup'] as const) {
    const name = approvals[key]
    if (name !== undefined && !names.includes(name))
      report(['approvals', key], `one of the groups (${names.join(', ') || 'there are none'})`, name)
  }
  if (names.length > 1 && approvals.defaultGroup === undefined)
    report(['approvals', 'defaultGroup'], `one of the groups (${names.join(', ')}), as there are several`, undefined)
}
