import type { Caller } from '../aws/service.ts'
import type { OrganizationTree } from '../aws/services/organization-tree.ts'
import { accountIn, type Deployments } from '../deployments.ts'
import { contextOf, type Context, type ContextEntries } from './context.ts'
import { decide, type Decision, type Refusal } from './decide.ts'
import { policyDocumentSchema } from './document.ts'
import type { Access } from './operations/access.ts'
import type { Principal } from './principal.ts'
import { NotAuthorized, refusalText } from './refusal.ts'
import { createRights, type GrantedStatement } from './rights.ts'
import { compileDocument, type Asked, type Right, type Statement } from './statement.ts'
import { createUsage, type Usage } from './usage.ts'

/** A service of AWS at work for the app: under a role, or by what its target allows it. */
export interface ServiceAct extends Access {
  /** `scheduler.amazonaws.com` */
  service: string
  /** What makes it act: the rule, schedule, state machine. */
  sourceArn: string
  roleArn?: string
}

/** Decides every call by the synthesized policies, and keeps which statement it took. */
export interface Authority {
  readonly usage: Usage
  /** What the policies allow, in all accounts; what is written the same in several is there once. */
  readonly statements: readonly GrantedStatement[]
  /** What was refused so far, each once, as it was logged. */
  readonly refused: () => readonly string[]
  /** Whether a service control policy binds an account. */
  readonly guards: (account: string) => boolean
  /** Throws `NotAuthorized`, and logs it once. */
  deny: (message: string, considered?: string) => never
  /** Throws `NotAuthorized`. */
  check: (caller: Caller, access: Access, region: string) => void
  /** Throws `NotAuthorized`. */
  checkService: (act: ServiceAct) => void
  /** Throws `NotAuthorized` when a role does not trust the service that is to work under it. */
  checkTrust: (trust: { service: string; roleArn: string; sourceArn: string }) => void
}

/** Refusals are remembered so that none is logged twice; a bound keeps ids in them from filling the memory. */
const mostTold = 1000

export interface AuthorityOptions {
  deployments: Pick<Deployments, 'in' | 'accounts'>
  organization?: OrganizationTree | undefined
  /** Told each refusal once, with the statement that came nearest. */
  log: (line: string) => void
}

export function createAuthority({ deployments, organization, log }: AuthorityOptions): Authority {
  const rights = createRights(deployments)
  const usage = createUsage()
  const told = new Set<string>()
  const guardRails = guardRailsOf(organization)

  function deny(message: string, considered?: string): never {
    const line = `denied: ${message}${considered === undefined ? '' : ` (considered: ${considered})`}`
    if (!told.has(line)) log(line)
    if (told.size < mostTold) told.add(line)
    throw new NotAuthorized(message)
  }

  function refuse(asked: Asked, policies: Parameters<typeof refusalText>[1], refusal: Refusal): never {
    deny(refusalText(asked, policies, refusal), refusal.why === 'unclear' ? undefined : refusal.considered)
  }

  function contextFor(principal: Principal, resource: string, entries: readonly ContextEntries[]): Context {
    const account = accountIn(resource) ?? principal.account
    return contextOf(
      {
        'aws:PrincipalAccount': principal.account,
        'aws:PrincipalArn': principal.roleArn ?? (principal.service === undefined ? principal.arn : undefined),
        'aws:PrincipalIsAWSService': String(principal.service !== undefined),
        'aws:PrincipalOrgID': organization?.idOf(principal.account),
        'aws:PrincipalOrgPaths': pathsOf(principal.account),
        'aws:PrincipalServiceName': principal.service,
        'aws:ResourceAccount': account,
        'aws:ResourceOrgID': organization?.idOf(account),
        'aws:ResourceOrgPaths': pathsOf(account),
        // Nothing leaves the loopback address here; at AWS it is TLS that keeps it to itself.
        'aws:SecureTransport': 'true',
      },
      ...entries,
    )
  }

  function pathsOf(account: string | undefined): string[] | undefined {
    const id = organization?.idOf(account)
    return id === undefined ? undefined : [[id, ...(organization?.pathTo(account ?? '') ?? []), ''].join('/')]
  }

  function allow(...all: readonly (readonly Right[])[]): void {
    for (const each of all) usage.add(each)
  }

  /**
   * Within an account the resource's own policy may allow a caller by itself; one that names only the account leaves it
   * to identity policies. Across accounts both have to allow it.
   */
  function checkWithin(asked: Asked, identity: Decision): void {
    const byResource = decide(rights.ofResource(asked.resource), asked)
    if (!byResource.allowed && byResource.why !== 'nothing-allows') refuse(asked, 'resource-based', byResource)
    if (identity.allowed && !byResource.allowed && isAcross(asked)) refuse(asked, 'resource-based', byResource)
    const isLet = byResource.allowed && byResource.scope === 'self' && isWithin(asked)
    if (identity.allowed) allow(identity.rights, byResource.allowed ? byResource.rights : [])
    else if (identity.why === 'nothing-allows' && isLet) allow(byResource.rights)
    else refuse(asked, 'identity-based', identity)
  }

  /** Both sides have to agree on a session: the role's trust, and the caller's own policies unless the trust names a caller of its own account. */
  function checkSession(asked: Asked, identity: Decision): void {
    const role = rights.ofRole(asked.resource)
    if (role === undefined)
      refuse(asked, 'trust', { allowed: false, why: 'nothing-allows', considered: 'no such role' })
    const owner = organization?.account(accountIn(asked.resource) ?? '')
    if (owner !== undefined && owner.state !== 'ACTIVE')
      refuse(asked, 'trust', { allowed: false, why: 'nothing-allows', considered: 'the account is closed' })
    const trusted = decide(role.trust, { ...asked, resource: '*' })
    if (!trusted.allowed) refuse(asked, 'trust', trusted)
    const isNamed = trusted.scope === 'self' && isWithin(asked)
    if (!identity.allowed && (identity.why !== 'nothing-allows' || !isNamed)) refuse(asked, 'identity-based', identity)
    allow(trusted.rights, identity.allowed ? identity.rights : [])
  }

  /** A service control policy binds whoever works for an account, its administrators too, but not who manages the organization. */
  function checkGuardRails(asked: Asked): void {
    const { account } = asked.principal
    if (!guards(account)) return
    const decision = decide(guardRails, asked)
    if (!decision.allowed && decision.why !== 'nothing-allows') refuse(asked, 'service control', decision)
  }

  function guards(account: string | undefined): boolean {
    return (
      guardRails.length > 0 && organization?.idOf(account) !== undefined && account !== organization.managementAccount
    )
  }

  function identityOf(asked: Asked): Decision {
    const role = rights.ofRole(asked.principal.roleArn ?? '')
    if (role === undefined) return { allowed: false, why: 'nothing-allows', considered: 'a role that is not there' }
    const decision = decide(role.identity, asked)
    const unknown = role.spec.unknownPolicies[0]
    if (unknown === undefined) return decision
    // It may hold a deny.
    if (decision.allowed) return { allowed: false, why: 'unclear', considered: `${role.spec.id}: ${unknown}` }
    if (decision.considered !== undefined) return decision
    return { ...decision, considered: `${role.spec.id}: what ${unknown} allows is not known here` }
  }

  return {
    usage,
    guards,
    get statements() {
      return rights.statements()
    },
    refused: () => [...told],
    deny,

    check(caller, access, region) {
      const principal = principalOf(caller)
      const isSession = /^sts:(AssumeRole|TagSession|SetSourceIdentity)$/.test(access.action)
      const tags = Object.fromEntries(
        Object.entries(caller.tags ?? {}).map(([key, tag]) => [`aws:PrincipalTag/${key}`, tag]),
      )
      const entries = [{ 'aws:RequestedRegion': region }, tags, access.context ?? {}]
      const context = contextFor(principal, access.resource, entries)
      const asked = { action: access.action, resource: access.resource, context, principal }
      checkGuardRails(asked)
      // An administrator may do everything else in its own account.
      if (isAdministrator(caller) && !isSession && !isAcross(asked)) return
      const identity: Decision = isAdministrator(caller)
        ? { allowed: true, scope: 'self', rights: [] }
        : identityOf(asked)
      if (isSession) checkSession(asked, identity)
      else checkWithin(asked, identity)
    },

    checkService({ service, sourceArn, roleArn, action, resource, context = {} }) {
      const source = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountIn(sourceArn) }
      if (roleArn === undefined) {
        const principal = { arn: service, service }
        const asked = { action, resource, principal, context: contextFor(principal, resource, [source, context]) }
        checkWithin(asked, { allowed: false, why: 'nothing-allows' })
        return
      }
      const [, account = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? []
      const arn = `arn:aws:sts::${account}:assumed-role/${name}/${service.split('.')[0] ?? ''}`
      const principal = { arn, account, roleArn }
      const asked = { action, resource, principal, context: contextFor(principal, resource, [context]) }
      checkWithin(asked, identityOf(asked))
    },

    checkTrust({ service, roleArn, sourceArn }) {
      const source = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountIn(sourceArn) }
      const principal = { arn: service, service }
      const context = contextFor(principal, roleArn, [source])
      checkSession(
        { action: 'sts:AssumeRole', resource: roleArn, principal, context },
        { allowed: true, scope: 'self', rights: [] },
      )
    },
  }
}

function guardRailsOf(organization: OrganizationTree | undefined): Statement[] {
  const document = organization?.serviceControlPolicy
  return document === undefined ? [] : compileDocument('ServiceControlPolicy', policyDocumentSchema.parse(document))
}

export function isAdministrator({ role, administers }: Caller): boolean {
  return role === undefined || administers === true
}

function principalOf({ arn, account, role }: Caller): Principal {
  return { arn, account, ...(role === undefined ? {} : { roleArn: `arn:aws:iam::${account}:role/${role}` }) }
}

/** Another account's resource can let somebody in, but their own policies have to, as well. Services have none. */
function isWithin({ principal, resource }: Asked): boolean {
  return principal.service !== undefined || accountIn(resource) === principal.account
}

/** Only these say themselves who of other accounts may use them; the others name accounts that they are not in. */
function isAcross({ principal, action, resource }: Pick<Asked, 'principal' | 'action' | 'resource'>): boolean {
  const hasPolicy = /^(events|lambda|sqs):/.test(action)
  return hasPolicy && principal.service === undefined && accountIn(resource) !== principal.account
}
