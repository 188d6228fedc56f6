import type { NamedPolicy, RoleSpec, StackPlace } from '../assembly/specs.ts'
import { accountIn, type Deployed, type Deployments } from '../deployments.ts'
import type { StatementDocument } from './document.ts'
import { compileStatement, type Statement } from './statement.ts'

/** The rights that the synthesized policies give, statement by statement. */
export interface GrantedStatement {
  /** Logical id of the role, queue or function that the statement is about. */
  holder: string
  kind: 'identity' | 'trust' | 'resource'
  statement: Statement
}

interface Role {
  spec: RoleSpec
  identity: readonly Statement[]
  trust: readonly Statement[]
}

interface Compiled {
  roles: ReadonlyMap<string, Role>
  resources: ReadonlyMap<string, readonly Statement[]>
  granted: readonly GrantedStatement[]
}

/** The policies of every account, compiled when they are first asked for. */
export interface Rights {
  ofRole: (roleArn: string) => Role | undefined
  /** What a resource itself says of who may use it. */
  ofResource: (arn: string) => readonly Statement[]
  /** Each allowing statement of all accounts; what is written the same in several is one. */
  statements: () => GrantedStatement[]
}

export function createRights(deployments: Pick<Deployments, 'in' | 'accounts'>): Rights {
  const compiled = new WeakMap<Deployed, Compiled>()
  const named = createNames(deployments.accounts()[0] ?? '')

  function inAccount(account: string | undefined): Compiled {
    const deployed = deployments.in(account ?? '')
    const known = compiled.get(deployed) ?? compile(deployed, named)
    compiled.set(deployed, known)
    return known
  }

  return {
    ofRole: (roleArn) => inAccount(accountIn(roleArn)).roles.get(roleArn),
    ofResource: (arn) => inAccount(accountIn(arn)).resources.get(arn) ?? [],
    statements: () => {
      const all = deployments.accounts().flatMap((account) => inAccount(account).granted)
      const allowing = all.filter(({ statement }) => statement.effect === 'Allow')
      const named = new Set(allowing.map(({ statement }) => statement.name))
      return allowing.filter(({ statement }) => named.delete(statement.name))
    },
  }
}

function compile({ roles, resourcePolicies }: Deployed, named: Names): Compiled {
  const granted: GrantedStatement[] = []

  function add(holder: string, kind: GrantedStatement['kind'], policy: Placed): Statement[] {
    const statements = named(kind, policy).map(([name, document]) => compileStatement(name, document))
    granted.push(...statements.map((statement) => ({ holder, kind, statement })))
    return statements
  }

  function role(spec: RoleSpec): Role {
    const { id, name: of, place, trust, policies } = spec
    return {
      spec,
      identity: policies.flatMap((policy) => add(id, 'identity', { ...policy, of, place })),
      trust: add(id, 'trust', { name: `${id}/trust`, document: trust, of, place }),
    }
  }

  const resources = new Map<string, Statement[]>()
  for (const policy of resourcePolicies) {
    const { name, resourceArn } = policy
    resources.set(resourceArn, [
      ...(resources.get(resourceArn) ?? []),
      ...add(name, 'resource', { ...policy, of: name }),
    ])
  }
  return { roles: new Map(roles.map((spec) => [spec.arn, role(spec)] as const)), resources, granted }
}

interface Placed extends NamedPolicy {
  /** Name of the role, or of the policy of a resource. */
  of: string
  place: StackPlace
}

type Names = (kind: GrantedStatement['kind'], policy: Placed) => (readonly [string, StatementDocument])[]

/**
 * Names statements by policy and number, or Sid. A role that many accounts have is proven in one of them: what says
 * the same there, but for account and region, has the name that it had first.
 */
function createNames(hub: string): Names {
  const names = new Map<string, string>()
  return (kind, { name, document, of, place }) =>
    document.Statement.map((statement, index) => {
      // Trust is in the hub, rights are in the account itself: where both are the same account, that tells which is meant.
      const [first, second] = kind === 'trust' ? [hub, place.account] : [place.account, hub]
      const text = JSON.stringify([kind, of, statement])
        .replaceAll(first, kind === 'trust' ? '<hub>' : '<account>')
        .replaceAll(second, kind === 'trust' ? '<account>' : '<hub>')
        .replaceAll(place.region, '<region>')
      const own = names.get(text) ?? `${name}[${statement.Sid ?? index}]`
      names.set(text, own)
      return [own, statement] as const
    })
}
