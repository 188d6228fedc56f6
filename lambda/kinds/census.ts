import {
  DescribeAccountCommand,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  ListParentsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import * as z from 'zod'
import { UnexpectedAnswer } from '../contract/errors.ts'
import type { CensusEntry, Governance } from '../domain/governed.ts'
import { accountIdSchema } from '../domain/offer.ts'
import { parseAnswer } from './answer.ts'
import { answerOf, callAws } from './reactions.ts'

/** What the errors of the listings mean here; the rest is in the common table. */
export const censusErrors = {
  DescribeAccount: {
    AccountNotFoundException: { read: 'gone' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
  ListAccountsForParent: {
    ParentNotFoundException: { loud: 'UnexpectedAnswer' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
  ListOrganizationalUnitsForParent: {
    ParentNotFoundException: { loud: 'UnexpectedAnswer' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
  ListParents: {
    ChildNotFoundException: { read: 'gone' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
} as const

/** `State` takes the place of `Status`, which AWS has retired: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
const accountSchema = z.object({
  Id: accountIdSchema,
  Arn: z.string().regex(/^arn:[a-z-]+:organizations::\d{12}:account\/o-[a-z0-9]{10,32}\/\d{12}$/),
  Name: z.string().default(''),
  State: z.string().optional(),
  Status: z.string().optional(),
})
type Account = z.infer<typeof accountSchema>

const unitSchema = z.object({ Id: z.string() })
const parentsSchema = z.array(z.object({ Id: z.string(), Type: z.enum(['ROOT', 'ORGANIZATIONAL_UNIT']) })).length(1)

export interface CensusDeps {
  organizations: OrganizationsClient
  organizationId: string
  rules: Governance
  /** Accounts of the last census. */
  known: readonly string[]
  /** Ends a listing that takes too long. */
  signal?: AbortSignal
}

type Found = Omit<CensusEntry, 'since'>

/**
 * Every active account below the targets, with the hub's own and, where it is named, the one that manages the
 * organization, which the targets leave out. All of it or an error: half a listing would look like accounts that left.
 */
export async function listOrganization(deps: CensusDeps): Promise<Found[]> {
  return await new Listing(deps).run()
}

class Listing {
  readonly #deps: CensusDeps
  readonly #sending: { abortSignal?: AbortSignal }
  readonly #seen = new Set<string>()
  readonly #found = new Map<string, Found>()
  /** Of OUs: what each is in. */
  readonly #parents = new Map<string, string>()

  constructor(deps: CensusDeps) {
    this.#deps = deps
    this.#sending = deps.signal === undefined ? {} : { abortSignal: deps.signal }
  }

  async run(): Promise<Found[]> {
    const { known, rules } = this.#deps
    const ous = rules.targets?.ous ?? []
    const manager = rules.targets?.managementAccount ?? null
    for (const unit of ous) {
      const path = await this.#pathOf(unit)
      if (path === undefined) throw new UnexpectedAnswer(`expected \`${unit}\` in the organization, got nothing`)
      await this.#list([unit, ...path])
    }
    for (const account of [rules.hubAccount, ...(manager === null ? [] : [manager])]) await this.#visit(account)
    // One that moves from what is not listed yet to what is was not seen; that is no proof that it left.
    for (const account of known) await this.#visit(account, ous)
    return [...this.#found.values()]
  }

  /** One call after the other: Organizations takes few a second, from all who call it together. */
  async #list(path: readonly string[]): Promise<void> {
    const [unit = '', parent] = path
    if (this.#seen.has(unit)) return
    this.#seen.add(unit)
    if (parent !== undefined) this.#parents.set(unit, parent)
    const { organizations: client } = this.#deps
    const accounts = paginateListAccountsForParent({ client }, { ParentId: unit }, this.#sending)
    for await (const { Accounts = [] } of pagesOf('ListAccountsForParent', accounts))
      for (const account of Accounts) this.#take(account, path)
    const units = paginateListOrganizationalUnitsForParent({ client }, { ParentId: unit }, this.#sending)
    const below: string[] = []
    for await (const { OrganizationalUnits = [] } of pagesOf('ListOrganizationalUnitsForParent', units))
      for (const one of OrganizationalUnits) below.push(parseAnswer(unitSchema, one, 'OrganizationalUnit').Id)
    for (const one of below) await this.#list([one, ...path])
  }

  /** Looks at one account, if it is in one of these OUs. */
  async #visit(account: string, within?: readonly string[]): Promise<void> {
    if (this.#seen.has(account)) return
    const path = await this.#pathOf(account)
    if (path === undefined || (within !== undefined && !path.some((unit) => within.includes(unit)))) return
    const command = new DescribeAccountCommand({ AccountId: account })
    const call = { table: censusErrors, operation: 'DescribeAccount' }
    const result = await callAws(call, () => this.#deps.organizations.send(command, this.#sending))
    if (result.ok) this.#take(result.answer.Account, path)
  }

  #take(value: unknown, path: readonly string[]): void {
    const account = parseAnswer(accountSchema, value, 'Account')
    const manager = this.#managerOf(account)
    const { hubAccount, targets } = this.#deps.rules
    this.#seen.add(account.Id)
    if (!isActive(account)) return
    // StackSets, which make the roles, pass over it.
    if (account.Id === manager && ![hubAccount, targets?.managementAccount].includes(manager)) return
    this.#found.set(account.Id, { account: account.Id, name: account.Name, path })
  }

  /** The ARN names both: `arn:aws:organizations::<managing account>:account/<organization>/<account>`. */
  #managerOf({ Id, Arn }: Account): string {
    const [, , , , manager = '', resource = ''] = Arn.split(':')
    const [, organization = ''] = resource.split('/')
    const { organizationId, rules } = this.#deps
    const named = rules.targets?.managementAccount ?? manager
    if (organization !== organizationId || named !== manager)
      throw new UnexpectedAnswer(
        `expected \`${Id}\` in \`${organizationId}\` managed by \`${named}\`, got \`${organization}\` managed by \`${manager}\``,
      )
    return manager
  }

  /** What an account or OU is in, what that is in, up to the root; undefined where it is not in the organization. */
  async #pathOf(child: string): Promise<string[] | undefined> {
    const path: string[] = []
    for (let at = child; !at.startsWith('r-');) {
      const parent = this.#parents.get(at) ?? (await this.#askParent(at))
      if (parent === undefined) return undefined
      if (at !== child) this.#parents.set(at, parent)
      at = parent
      path.push(at)
    }
    return path
  }

  async #askParent(child: string): Promise<string | undefined> {
    const command = new ListParentsCommand({ ChildId: child })
    const call = { table: censusErrors, operation: 'ListParents' }
    const result = await callAws(call, () => this.#deps.organizations.send(command, this.#sending))
    return result.ok ? parseAnswer(parentsSchema, result.answer.Parents, 'Parents')[0]?.Id : undefined
  }
}

/** The error of a page by our name. */
async function* pagesOf<Page>(operation: keyof typeof censusErrors, pages: AsyncIterator<Page>): AsyncIterable<Page> {
  for (;;) {
    const next = answerOf(await callAws({ table: censusErrors, operation }, () => pages.next()))
    if (next.done === true) return
    yield next.value
  }
}

/** Anything but active, a state that AWS adds later included, is not governed. */
function isActive({ State, Status }: Account): boolean {
  return (State ?? Status) === 'ACTIVE'
}
