import * as z from 'zod'

const stateSchema = z.enum(['ACTIVE', 'PENDING_CLOSURE', 'SUSPENDED'])
export type AccountState = z.infer<typeof stateSchema>

const accountSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  /** An OU or the root; the root when absent. */
  parentId: z.string().optional(),
  state: stateSchema.default('ACTIVE'),
})
export type OrganizationAccount = z.infer<typeof accountSchema>

interface OrganizationUnit {
  id: string
  name?: string
  /** Another OU; the root when absent. */
  parentId?: string
}

/** An organization as a run begins with it. */
export interface OrganizationSpec {
  /** `o-` and 10 to 32 letters and digits. */
  organizationId: string
  /** Manages the organization; the first account when absent. */
  managementAccount?: string
  /** Members that may look at all of it, besides the account that manages it. */
  delegatedAdministrators?: readonly string[]
  rootId?: string
  units?: readonly OrganizationUnit[]
  accounts: readonly z.input<typeof accountSchema>[]
  /** A policy document that holds for every account but the one that manages the organization. */
  serviceControlPolicy?: unknown
}

const treeStateSchema = z.array(accountSchema)

/** Who is where in the organization now. Accounts move, close and leave; OUs stay as they are. */
export class OrganizationTree {
  readonly organizationId: string
  readonly managementAccount: string
  readonly rootId: string
  readonly units: readonly OrganizationUnit[]
  readonly #spec: OrganizationSpec
  readonly #listeners = new Set<() => void>()
  #accounts = new Map<string, OrganizationAccount>()

  constructor(spec: OrganizationSpec) {
    this.#spec = spec
    this.organizationId = spec.organizationId
    this.managementAccount = spec.managementAccount ?? spec.accounts[0]?.id ?? ''
    this.rootId = spec.rootId ?? 'r-root'
    const { units = [] } = spec
    // An OU that is only named as a parent stands under the root.
    const named = spec.accounts.flatMap(({ parentId }) => (parentId === undefined ? [] : [parentId]))
    const known = new Set([this.rootId, ...units.map(({ id }) => id)])
    this.units = [...units, ...[...new Set(named)].filter((id) => !known.has(id)).map((id) => ({ id }))]
    this.#fill(spec.accounts)
  }

  get serviceControlPolicy(): unknown {
    return this.#spec.serviceControlPolicy
  }

  get accounts(): readonly OrganizationAccount[] {
    return [...this.#accounts.values()]
  }

  account(id: string): OrganizationAccount | undefined {
    return this.#accounts.get(id)
  }

  /** The organization of an account; undefined outside it. */
  idOf(account: string | undefined): string | undefined {
    return account !== undefined && this.#accounts.has(account) ? this.organizationId : undefined
  }

  isParent(id: string): boolean {
    return id === this.rootId || this.units.some((unit) => unit.id === id)
  }

  /** Of an account or an OU; undefined for the root and for who is not in the organization. */
  parentOf(child: string): string | undefined {
    const found = this.#accounts.get(child) ?? this.units.find(({ id }) => id === child)
    return found === undefined ? undefined : (found.parentId ?? this.rootId)
  }

  /** From the root down to the parent of an account or an OU. */
  pathTo(child: string): string[] {
    const parent = this.parentOf(child)
    return parent === undefined ? [] : [...this.pathTo(parent), parent]
  }

  /** Whether the account may look at the whole organization. */
  isAdministrator(account: string): boolean {
    return account === this.managementAccount || this.#spec.delegatedAdministrators?.includes(account) === true
  }

  /** Adds the account where it is new: as when it was made, or took an invitation. */
  place(id: string, parentId: string): void {
    this.#accounts.set(id, { ...(this.#accounts.get(id) ?? { id, state: 'ACTIVE' }), parentId })
    this.#tell()
  }

  setState(id: string, state: AccountState): void {
    const found = this.#accounts.get(id)
    if (found !== undefined) this.#accounts.set(id, { ...found, state })
    this.#tell()
  }

  remove(id: string): void {
    this.#accounts.delete(id)
    this.#tell()
  }

  /** Told after each change. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  snapshot(): unknown {
    return this.accounts
  }

  restore(state: unknown): void {
    this.#fill(treeStateSchema.parse(state))
    this.#tell()
  }

  reset(): void {
    this.#fill(this.#spec.accounts)
    this.#tell()
  }

  #fill(accounts: OrganizationSpec['accounts']): void {
    this.#accounts = new Map(treeStateSchema.parse(accounts).map((account) => [account.id, account] as const))
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
