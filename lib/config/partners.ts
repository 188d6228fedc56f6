import * as z from 'zod'
import { accountIdSchema } from '../../lambda/domain/offer.ts'
import { groupKeySchema, withoutProto } from './keys.ts'
import type { Report } from './report.ts'

const groupsOfPartnersSchema = z.record(
  groupKeySchema,
  z.strictObject({
    accounts: z.array(accountIdSchema).min(1, 'at least one account'),
    /** Who answers for knowing them: shown to approvers. */
    owner: z.string().min(1, 'a name or an address').max(100, 'at most 100 characters').optional(),
    /** The last day (UTC) on which they are partners. */
    expires: z.iso.date('a date such as 2027-01-31').optional(),
  }),
)

/** Accounts you know, in named groups that policies can speak of. */
export const partnersSchema = withoutProto<z.input<typeof groupsOfPartnersSchema>>('groups')
  .pipe(groupsOfPartnersSchema)
  .default({})

type Partners = z.output<typeof partnersSchema>

/** Whose offers may be accepted without asking. `today` is a date in UTC: a group ends with its last day. */
export function partnerAccounts(partners: Partners, today: string): string[] {
  return Object.values(partners).flatMap(({ accounts, expires }) => (isPast(expires, today) ? [] : accounts))
}

/** Names of the groups that are partners no longer. */
export function expiredPartners(partners: Partners, today: string): string[] {
  return Object.entries(partners).flatMap(([group, { expires }]) => (isPast(expires, today) ? [group] : []))
}

function isPast(expires: string | undefined, today: string): boolean {
  return expires !== undefined && expires < today
}

export function checkPartners(partners: Partners, own: string | undefined, report: Report): void {
  const groupOf = new Map<string, string>()
  for (const [group, { accounts }] of Object.entries(partners)) {
    for (const [index, partner] of accounts.entries()) {
      const path = ['partners', group, 'accounts', index]
      if (partner === own) report(path, 'an account other than our own', partner)
      const before = groupOf.get(partner)
      if (before !== undefined) report(path, `an account named once (it is in \`${before}\` already)`, partner)
      groupOf.set(partner, group)
    }
  }
}
