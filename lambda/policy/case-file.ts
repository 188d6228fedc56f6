import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { InvalidInput } from '../contract/errors.ts'
import { routeSchema, verdictSchema } from '../domain/event.ts'
import { membershipSchema } from '../domain/facts.ts'
import { jsonObjectSchema } from '../domain/json.ts'
import { accountIdSchema, offerKindSchema, organizationNodeSchema, regionSchema } from '../domain/offer.ts'

/**
 * The folder says what is expected: what policy says itself, that people must not accept either, or whether a certificate
 * may be active at once.
 */
const caseFolders = [...verdictSchema.options, 'approve-refused', 'activate-allowed', 'activate-refused'] as const
type CaseFolder = (typeof caseFolders)[number]

/** One case: an offer, and what has to come out besides what the folder says. */
const policyCaseSchema = z.strictObject({
  about: z.string().optional(),
  kind: offerKindSchema,
  /** Where the offer waits. */
  ref: z
    .strictObject({
      account: accountIdSchema.default('111111111111'),
      region: regionSchema.default('us-east-1'),
      awsId: z.string().min(1).default('a-case'),
      transferDate: z.string().optional(),
    })
    .prefault({}),
  counterparty: z.string().nullable(),
  /** Left out: `outside` where an organization is configured, else `not-configured`. */
  organization: membershipSchema.optional(),
  /** Ids of the OUs above the counterparty, nearest first, the root last. Left out: right under a root. */
  organizationPath: z.array(organizationNodeSchema).min(1).optional(),
  /** Decisive facts besides these; those left out are absent. */
  facts: jsonObjectSchema.default({}),
  /** Facts that could not be had, besides those that are seen to be missing. */
  unknown: z.array(z.string()).default([]),
  /** When it is judged: partner groups whose end has passed do not count. Left out: before any end. */
  at: z.iso.datetime().default('1970-01-01T00:00:00Z'),
  /** Laid over what is configured, group by group. */
  partners: z.record(z.string(), z.array(accountIdSchema)).default({}),
  /** Ends of these groups. */
  partnersUntil: z.record(z.string(), z.iso.datetime()).default({}),
  organizationId: z.string().optional(),
  /** Approver ids by group, laid over what is configured. */
  groups: z.record(z.string(), z.array(z.string())).default({}),
  defaultGroup: z.string().optional(),
  /** `iot.setAsActive`, for cases about that. */
  setAsActive: z.boolean().default(false),
  /** Policies that only this case has. */
  policies: z.array(z.string()).default([]),
  expect: z.strictObject({
    /** Ids of the deciding policies, all of them. */
    policies: z.array(z.string()),
    /** Whom a review asks, all of them; none: the default group. */
    routing: z.array(routeSchema).default([]),
    notes: z.array(z.string()).default([]),
    /** Ids of the policies that err, all of them. */
    errors: z.array(z.string()).default([]),
  }),
})
export type PolicyCase = z.infer<typeof policyCaseSchema>

export interface CaseFile {
  /** `<folder>/<name>`, without the ending. */
  name: string
  file: string
  folder: CaseFolder
  case: PolicyCase
}

/** Every `<folder>/*.json`. Throws `InvalidInput` for what is no case, so that none is passed over in silence. */
export function readCaseFiles(dir: string): CaseFile[] {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap(({ name }) => {
    const folder = caseFolders.find((known) => known === name)
    if (folder === undefined) throw new InvalidInput(`${join(dir, name)}: expected a folder ${caseFolders.join(', ')}`)
    const files = readdirSync(join(dir, name)).sort()
    return files.map((file) => readCaseFile(join(dir, name, file), folder))
  })
}

function readCaseFile(file: string, folder: CaseFolder): CaseFile {
  if (!file.endsWith('.json')) throw new InvalidInput(`${file}: expected a .json file`)
  try {
    const parsed = policyCaseSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { name: `${folder}/${basename(file, '.json')}`, file, folder, case: parsed }
  } catch (error) {
    throw new InvalidInput(`${file}: ${messageOf(error)}`, { cause: error })
  }
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll('\n', ' ')
  return error instanceof Error ? error.message : String(error)
}
