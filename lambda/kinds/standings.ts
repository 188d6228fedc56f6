import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  ListParentsCommand,
} from '@aws-sdk/client-organizations'
import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import * as z from 'zod'
import { GatehouseError, ServiceThrottled, UnexpectedAnswer } from '../contract/errors.ts'
import type { Standing } from '../domain/facts.ts'
import { organizationNodeSchema } from '../domain/offer.ts'
import { parseAnswer } from './answer.ts'
import { KeptFor } from './kept-for.ts'
import { answerOf, callAws } from './reactions.ts'
import { notLookedUp, unknownStanding, type LookUp, type StandingOf } from './standing.ts'

/** What the errors of Organizations mean here; the rest is in the common table. */
export const organizationsErrors = {
  DescribeAccount: {
    /** An answer, not a failure: the account is in no organization of ours. */
    AccountNotFoundException: { read: 'gone' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
  ListParents: {
    /** It left while we looked. */
    ChildNotFoundException: { loud: 'UnexpectedAnswer' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
  DescribeOrganizationalUnit: {
    OrganizationalUnitNotFoundException: { loud: 'UnexpectedAnswer' },
    AWSOrganizationsNotInUseException: { loud: 'UnexpectedAnswer' },
  },
} as const

/** A lookup that is shared serves no longer than this. */
const keptMs = 5 * 60 * 1000
const mostAccounts = 1000
const mostUnits = 2000
/** AWS nests OUs five deep under the root. */
const deepest = 10

const parentSchema = z.object({ Id: organizationNodeSchema, Type: z.enum(['ROOT', 'ORGANIZATIONAL_UNIT']) })
type Parent = z.infer<typeof parentSchema>

const outside: Standing = { ...notLookedUp, membership: 'outside' }

/**
 * Looks accounts up in the organization. A lookup that fails makes the fact unknown and is not kept; only throttling is
 * thrown, since it passes. OUs do not move and keep their ids: only where the account itself is has to be asked afresh.
 */
export class Standings {
  readonly #organizations: OrganizationsClient
  readonly #organizationId: string
  readonly #accounts: KeptFor<Standing>
  readonly #parents: KeptFor<Parent>
  readonly #names: KeptFor<string>

  constructor(deps: { organizations: OrganizationsClient; organizationId: string; nowMs: () => number }) {
    const { organizations, organizationId, nowMs } = deps
    this.#organizations = organizations
    this.#organizationId = organizationId
    const isWhole = ({ membership, path }: Standing): boolean => membership !== 'inside' || path !== null
    this.#accounts = new KeptFor({ ms: keptMs, most: mostAccounts, nowMs, isWorthKeeping: isWhole })
    this.#parents = new KeptFor({ ms: keptMs, most: mostUnits, nowMs })
    this.#names = new KeptFor({ ms: keptMs, most: mostUnits, nowMs })
  }

  for(how: LookUp): StandingOf {
    return async (account) => {
      if (account === null) return unknownStanding
      const key = how.named ? `${account} named` : account
      if (how.fresh) this.#accounts.forget(key)
      try {
        return await this.#accounts.get(key, () => this.#standingOf(account, how))
      } catch (error) {
        if (isUnknown(error)) return unknownStanding
        throw error
      }
    }
  }

  async #standingOf(account: string, { named }: LookUp): Promise<Standing> {
    const call = { table: organizationsErrors, operation: 'DescribeAccount' }
    const result = await callAws(call, () =>
      this.#organizations.send(new DescribeAccountCommand({ AccountId: account })),
    )
    if (!result.ok) return outside
    const { Arn: arn, Name: accountName = null } = result.answer.Account ?? {}
    // The ARN names the organization: `arn:aws:organizations::<management account>:account/<organization>/<account>`.
    if (arn?.split('/')[1] !== this.#organizationId)
      throw new UnexpectedAnswer('the account is in another organization')
    const path = await this.#pathOf(account)
    const unit = named && path !== null ? await this.#wordsFor(path) : null
    return { membership: 'inside', path, unit, accountName }
  }

  /** The parent's id, its parent's, and so on to the root's; null where one of them could not be had. */
  async #pathOf(account: string): Promise<string[] | null> {
    try {
      const path: string[] = []
      let parent = await this.#lookUpParent(account)
      for (path.push(parent.Id); parent.Type !== 'ROOT'; path.push(parent.Id)) {
        if (path.length === deepest) throw new UnexpectedAnswer(`expected a root above \`${parent.Id}\`, got none`)
        const child = parent.Id
        parent = await this.#parents.get(child, () => this.#lookUpParent(child))
      }
      return path
    } catch (error) {
      if (isUnknown(error)) return null
      throw error
    }
  }

  async #lookUpParent(child: string): Promise<Parent> {
    const call = { table: organizationsErrors, operation: 'ListParents' }
    const command = new ListParentsCommand({ ChildId: child })
    const { Parents } = answerOf(await callAws(call, () => this.#organizations.send(command)))
    return parseAnswer(parentSchema, Parents?.[0], 'Parents')
  }

  /** `Root / Workloads / Production`. */
  async #wordsFor(path: readonly string[]): Promise<string> {
    const units = path.slice(0, -1).toReversed()
    return ['Root', ...(await Promise.all(units.map((id) => this.#nameOf(id))))].join(' / ')
  }

  /** For reading only: an OU whose name cannot be had is shown by its id. */
  async #nameOf(id: string): Promise<string> {
    const call = { table: organizationsErrors, operation: 'DescribeOrganizationalUnit' }
    const command = new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id })
    const lookUp = async (): Promise<string> => {
      const { OrganizationalUnit } = answerOf(await callAws(call, () => this.#organizations.send(command)))
      return OrganizationalUnit?.Name ?? id
    }
    return await this.#names.get(id, lookUp).catch(() => id)
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof GatehouseError && !(error instanceof ServiceThrottled)
}
