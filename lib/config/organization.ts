import * as z from 'zod'
import { accountIdSchema, offerKindSchema, organizationNodeSchema } from '../../lambda/domain/offer.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import { withoutProto } from './keys.ts'
import { awsRegionSchema } from './region.ts'

const targetsSchema = z.strictObject({
  /** Roots or OUs, with all that is below them; new accounts there are governed from the next sweep on. */
  ous: z.array(organizationNodeSchema).min(1, 'at least one root or OU'),
  /** Of their accounts only these. */
  only: z.array(accountIdSchema).min(1, 'at least one account').optional(),
  /** Of their accounts all but these. */
  except: z.array(accountIdSchema).min(1, 'at least one account').optional(),
})

export const organizationSchema = z.strictObject({
  id: z.string().regex(/^o-[a-z0-9]{10,32}$/, "an organization's id such as 'o-a1b2c3d4e5'"),
  /** Whose offers are answered, besides those of the hub's own account; left out, only the hub's own. */
  targets: targetsSchema.optional(),
  /** True where the hub is a delegated administrator for StackSets, false where it is the management account. */
  delegatedAdmin: z.boolean().default(true),
  /** Where offers are looked for; left out, the hub's own region. */
  regions: z.array(awsRegionSchema).min(1, 'at least one region').optional(),
  /** The organization's management account, which StackSets skip; named, its offers are answered, too. */
  managementAccount: accountIdSchema.optional(),
})

const kindListSchema = z.array(offerKindSchema)

const kindsOfOusSchema = z.record(organizationNodeSchema, kindListSchema)
const kindsOfAccountsSchema = z.record(accountIdSchema, kindListSchema)

/** Which kinds are answered: of an account, else of the nearest OU above it, else by default. */
export const kindsSchema = z.strictObject({
  default: kindListSchema.default(kindNames),
  ous: withoutProto<z.input<typeof kindsOfOusSchema>>('roots and OUs').pipe(kindsOfOusSchema).default({}),
  accounts: withoutProto<z.input<typeof kindsOfAccountsSchema>>('accounts').pipe(kindsOfAccountsSchema).default({}),
})
