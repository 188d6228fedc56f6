import { readAssembly } from '../../../local/assembly.ts'
import { OrganizationTree } from '../../../local/aws/services/organization-tree.ts'
import type { Caller } from '../../../local/aws/service.ts'
import { roleCaller } from '../../../local/aws/sessions.ts'
import { createDeployments } from '../../../local/deployments.ts'
import { createAuthority, type Authority } from '../../../local/iam/authority.ts'
import { documentOf, place, writeAssembly } from '../../support/assembly.ts'

const hub = place.account
const organizationId = 'o-exampleorg1'
const [member, other, bare, outsider] = ['222222222222', '333333333333', '666666666666', '444455556666']
const workloads = 'ou-abcd-11111111'
const hubBus = `arn:aws:events:us-east-1:${hub}:event-bus/hub`

const allow = (Action: unknown, Resource: unknown, Condition = {}): unknown => {
  return { Effect: 'Allow', Action, Resource, Condition }
}
const role = (RoleName: string, trust: unknown, ...statements: unknown[]): unknown => {
  const Policies = statements.length === 0 ? [] : [{ PolicyName: 'own', PolicyDocument: documentOf(...statements) }]
  return { Type: 'AWS::IAM::Role', Properties: { RoleName, AssumeRolePolicyDocument: documentOf(trust), Policies } }
}
const byService = (name: string): unknown => {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: `${name}.amazonaws.com` } }
}
const workerOnly = { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${hub}:role/worker` } }
const ownOrganization = { StringEquals: { 'aws:PrincipalOrgID': organizationId } }

/** What every member gets. */
const template = {
  Resources: {
    Spoke: role(
      'spoke',
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${hub}:root` },
        Condition: { ...workerOnly, ...ownOrganization },
      },
      allow('iot:DescribeCertificate', { 'Fn::Sub': 'arn:aws:iot:*:${AWS::AccountId}:cert/*' }),
    ),
    Forwarder: role('forwarder', byService('events'), allow('events:PutEvents', hubBus)),
    Wide: role('wide', byService('events'), allow('*', '*')),
  },
}

const resources = {
  Worker: role(
    'worker',
    byService('lambda'),
    allow('sts:AssumeRole', 'arn:aws:iam::*:role/spoke', { StringEquals: { 'aws:ResourceOrgID': organizationId } }),
  ),
  Idle: role('idle', byService('lambda')),
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'hub' } },
  BusPolicy: {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      StatementId: 'members',
      Statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
        Condition: ownOrganization,
      },
    },
  },
  Members: {
    Type: 'AWS::CloudFormation::StackSet',
    Properties: {
      StackSetName: 'members',
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true },
      TemplateBody: JSON.stringify(template),
      StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: [workloads] }, Regions: ['us-east-1'] }],
    },
  },
}

let tree: OrganizationTree
let authority: Authority
beforeEach(() => {
  tree = new OrganizationTree({
    organizationId,
    managementAccount: '999999999999',
    accounts: [{ id: hub }, { id: bare }, ...[member, other].map((id) => ({ id, parentId: workloads }))],
  })
  const deployments = createDeployments(readAssembly(writeAssembly({ resources }), place), tree)
  authority = createAuthority({ deployments, organization: tree, log: () => undefined })
})

const as = (account: string, name: string): Caller => roleCaller(`arn:aws:iam::${account}:role/${name}`, 'test')
const administrator = (account: string): Caller => ({ account, arn: `arn:aws:iam::${account}:root` })
const assume = (caller: Caller, account: string): void => {
  authority.check(caller, { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/spoke` }, 'us-east-1')
}
const put = (caller: Caller, resource = hubBus): void => {
  authority.check(caller, { action: 'events:PutEvents', resource }, 'us-east-1')
}

describe('a session in another account', () => {
  test('needs its trust and the own policies of who asks', () => {
    expect(() => {
      assume(as(hub, 'worker'), member)
    }).not.toThrow()
  })

  test.each<[string, Caller, string]>([
    ['whose own policies do not allow it', as(hub, 'idle'), member],
    ['that the role does not trust', as(other, 'spoke'), member],
    ['that administers the account itself', administrator(member), member],
    ['that administers the hub', administrator(hub), member],
  ])('is refused to one %s', (_name, caller, account) => {
    expect(() => {
      assume(caller, account)
    }).toThrow('is not authorized to perform: sts:AssumeRole')
  })

  test('is refused where the role never came', () => {
    expect(() => {
      assume(as(hub, 'worker'), bare)
    }).toThrow(`is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${bare}:role/spoke`)
    expect(authority.refused()).toEqual([expect.stringContaining('(considered: no such role)')])
  })

  test('is refused where the account is closed, or has left with its role', () => {
    tree.setState(member, 'SUSPENDED')
    expect(() => {
      assume(as(hub, 'worker'), member)
    }).toThrow('sts:AssumeRole')
    tree.remove(other)
    expect(() => {
      assume(as(hub, 'worker'), other)
    }).toThrow('sts:AssumeRole')
  })

  test('has no more rights than its role has there', () => {
    const describe = (account: string): void => {
      const resource = `arn:aws:iot:eu-west-1:${account}:cert/a`
      authority.check(as(member, 'spoke'), { action: 'iot:DescribeCertificate', resource }, 'eu-west-1')
    }
    expect(() => {
      describe(member)
    }).not.toThrow()
    expect(() => {
      describe(other)
    }).toThrow('no identity-based policy allows the iot:DescribeCertificate action')
  })
})

describe('a bus of another account', () => {
  test('takes events of the organization, from roles that may send them', () => {
    for (const caller of [as(member, 'forwarder'), administrator(member)])
      expect(() => {
        put(caller)
      }).not.toThrow()
  })

  test.each<[string, Caller]>([
    ['a role without the right', as(member, 'spoke')],
    ['an account outside the organization', administrator(outsider)],
  ])('takes none from %s', (_name, caller) => {
    expect(() => {
      put(caller)
    }).toThrow('events:PutEvents')
  })

  test('without a policy takes none, whatever the own policies of who asks say', () => {
    for (const caller of [as(member, 'wide'), administrator(member)])
      expect(() => {
        put(caller, `arn:aws:events:us-east-1:${hub}:event-bus/default`)
      }).toThrow('no resource-based policy allows the events:PutEvents action')
  })

  test('takes nothing any more from who has left', () => {
    tree.remove(member)
    expect(() => {
      put(administrator(member))
    }).toThrow('events:PutEvents')
  })
})

test('a right of many accounts is one, and needed when one of them needed it', () => {
  const rights = (): [string, readonly string[]][] =>
    authority.statements.flatMap(({ holder, statement }) =>
      holder === 'Members/Spoke'
        ? statement.rights.map((right): [string, readonly string[]] => [right.action, authority.usage.pathsOf(right)])
        : [],
    )
  expect(rights()).toEqual([
    ['iot:DescribeCertificate', []],
    ['sts:AssumeRole', []],
  ])
  authority.usage.enter('somewhere')
  assume(as(hub, 'worker'), other)
  expect(rights()).toEqual([
    ['iot:DescribeCertificate', []],
    ['sts:AssumeRole', ['somewhere']],
  ])
})
