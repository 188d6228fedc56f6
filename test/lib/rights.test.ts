import { config as example } from '../../gatehouse.config.ts'
import { spokeRoles } from '../../lambda/contract/env.ts'
import { functionIds } from '../../lib/constructs/hub-functions.ts'
import { withSample } from '../../local/sample.ts'
import { actionsOf, policyDirOf, synthesizeTemplate, type Statement, type TemplateView } from './template.ts'

let template: TemplateView
beforeAll(async () => {
  template = await synthesizeTemplate()
})

const own = '111111111111'
const leadingKeys = (statement: Statement): unknown =>
  statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']
const assumes = (id: string): Statement[] =>
  template.rightsOf(id).filter(({ Action }) => [Action].flat().includes('sts:AssumeRole'))

describe('the public function', () => {
  test('reads offers and links, invokes Vote, writes its log, and has no other right', () => {
    expect(actionsOf(template.rightsOf('Web'))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ])
  })

  test('cannot read task tokens, nor any index', () => {
    const reading = template.rightsOf('Web').filter(({ Action }) => Action.includes('dynamodb:'))
    expect(reading.map((one) => [one.Action, leadingKeys(one)])).toEqual([
      ['dynamodb:Query', ['OFFER#*']],
      ['dynamodb:GetItem', ['LINK#*']],
    ])
    for (const { Resource } of reading) expect(Resource).toMatch(/^<Ledger[0-9A-F]+\.Arn>$/)
  })

  test('invokes Vote only, and only Web does', () => {
    const invoking = (id: string): unknown[] =>
      template.rightsOf(id).filter(({ Action }) => Action === 'lambda:InvokeFunction')
    expect(invoking('Web')).toMatchObject([{ Resource: expect.stringMatching(/^<Vote[0-9A-F]+\.Arn>$/) }])
    expect(functionIds.filter((id) => invoking(id).length > 0)).toEqual(['Web'])
  })
})

describe('what Slack reaches', () => {
  test('reads offers, its own secret, invokes Vote, writes its log, and has no other right', () => {
    expect(actionsOf(template.rightsOf('Slack'))).toEqual([
      'dynamodb:Query',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ])
    const [reading] = template.rightsOf('Slack').filter(({ Action }) => Action.includes('dynamodb:Query'))
    expect(leadingKeys(reading!)).toEqual(['OFFER#*'])
  })

  test('the secret of Slack is read by those who write there or check what comes from there', () => {
    const reading = [...functionIds, 'Slack'].filter((id) => secretsOf(id).length > 0)
    expect(reading.sort()).toEqual(['Ask', 'Close', 'Slack', 'Vote'])
    for (const id of reading)
      expect(secretsOf(id)).toContain(`arn:aws:secretsmanager:us-east-1:${own}:secret:gatehouse/slack-??????`)
  })

  test('without buttons nobody checks what comes from Slack, so `Vote` reads no secret', async () => {
    const { approvals } = withSample(example)
    const slack = { secret: 'gatehouse/slack', team: 'T0123ABCD', buttons: false }
    const messagesOnly = await synthesizeTemplate({ approvals: { ...approvals, slack } })
    expect(actionsOf(messagesOnly.rightsOf('Ask'))).toContain('secretsmanager:GetSecretValue')
    expect(actionsOf(messagesOnly.rightsOf('Vote'))).not.toContain('secretsmanager:GetSecretValue')
  })

  test('without Slack nothing of it is there', async () => {
    const plain = await synthesizeTemplate({}, { config: example })
    expect(() => plain.at('SlackRole')).toThrow('expected a resource')
    expect(plain.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey)).not.toContain(
      'POST /slack/interactions',
    )
  })

  function secretsOf(id: string): string[] {
    const reading = template.rightsOf(id).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
    return reading.flatMap(({ Resource }) => Resource)
  }
})

describe('every function', () => {
  test.each(functionIds)('%s has no right on everything, no wildcard action, no scan and no delete', (id) => {
    for (const { Action, Resource } of template.rightsOf(id)) {
      expect([Resource].flat()).not.toContain('*')
      for (const action of [Action].flat()) expect(action).not.toMatch(/\*|Scan|Delete(Item|Table)|UpdateItem|PartiQL/)
    }
  })

  test.each(functionIds)('%s touches no offer with its own role', (id) => {
    expect(actionsOf(template.rightsOf(id)).filter((action) => /^(ram|iot|iam):/.test(action))).toEqual([])
  })

  test.each(functionIds)('%s reaches the ledger by named partitions only', (id) => {
    const ledger = template.rightsOf(id).filter(({ Action }) => [Action].flat().some((one) => /^dynamodb:/.test(one)))
    for (const statement of ledger) expect(leadingKeys(statement)).toEqual(expect.arrayContaining([expect.any(String)]))
  })

  test('Sweep lists open cases and scans, keeps the list of places, and reads nothing else', () => {
    const rights = template
      .rightsOf('Sweep')
      .filter(({ Action }) => [Action].flat().some((one) => /^dynamodb:/.test(one)))
    expect(rights).toMatchObject([
      { Action: 'dynamodb:BatchWriteItem', Resource: expect.stringMatching(/^<Ledger[0-9A-F]+\.Arn>$/) },
      { Action: 'dynamodb:Query', Resource: expect.stringMatching(/\/index\/status$/) },
    ])
    expect(rights.map(leadingKeys)).toEqual([['SCAN#*'], ['awaiting-approval', 'open', 'scan']])
  })

  test('with an organization Sweep lists it and keeps the census, and who enters a spoke reads one account of it', async () => {
    const organization = { id: 'o-exampleorg1', delegatedAdmin: true, targets: { ous: ['ou-ab12-workloads'] } }
    const given = await synthesizeTemplate({ organization })
    const of = (id: string, service: string): Statement[] =>
      given.rightsOf(id).filter(({ Action }) => [Action].flat().some((one) => one.startsWith(service)))
    const onCensus = (id: string): Statement[] =>
      of(id, 'dynamodb:').filter((one) => JSON.stringify(leadingKeys(one)).includes('ORGANIZATION'))
    const actions = onCensus('Sweep').flatMap((one) => [one.Action].flat())
    expect(actions.sort()).toEqual(['dynamodb:BatchWriteItem', 'dynamodb:Query'])
    for (const id of ['Scan', 'Inspect', 'AcceptByPolicy', 'AcceptForPeople', 'Send', 'Transfer', 'Reject', 'Close'])
      expect(onCensus(id)).toMatchObject([{ Action: 'dynamodb:GetItem' }])
    expect(functionIds.filter((id) => onCensus(id).length > 0)).toHaveLength(9)
    const listing = of('Sweep', 'organizations:')
    expect(listing.flatMap(({ Action }) => Action).sort()).toEqual([
      'organizations:DescribeAccount',
      'organizations:ListAccountsForParent',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListParents',
    ])
    for (const { Resource } of listing)
      for (const one of [Resource].flat()) expect(one).toMatch(/:(account|ou|root)\/o-exampleorg1\/\*$/)
  })

  test('only those who wake a run read its task token', () => {
    const readers = functionIds.filter((id) =>
      template
        .rightsOf(id)
        .some((one) => Array.isArray(leadingKeys(one)) && (leadingKeys(one) as string[]).includes('ASK#*')),
    )
    expect(readers.sort()).toEqual(['Ask', 'Delivery', 'Digest', 'Scan', 'Vote'])
  })

  test('what waits for a digest is written by those who ask, close and send it', () => {
    const names = (one: Statement): string[] => [leadingKeys(one)].flat().map(String)
    const writes = (one: Statement): boolean => [one.Action].flat().includes('dynamodb:PutItem')
    const writers = functionIds.filter((id) =>
      template.rightsOf(id).some((one) => writes(one) && names(one).includes('DIGEST#*')),
    )
    expect(writers.sort()).toEqual(['Ask', 'Close', 'Digest'])
  })

  test('only the scan has a run read the offer again', () => {
    const may = (action: string): string[] =>
      functionIds.filter((id) => actionsOf(template.rightsOf(id)).includes(action)).sort()
    expect(may('states:SendTaskSuccess')).toEqual(['Ask', 'Delivery', 'Digest', 'Scan', 'Vote'])
    expect(may('states:SendTaskFailure')).toEqual(['Scan'])
  })
})

test('a queue takes messages of its rules and nothing more', () => {
  const statements = template
    .ofType('AWS::SQS::QueuePolicy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .filter(({ Effect }) => Effect === 'Allow')
  expect(statements.length).toBeGreaterThan(10)
  for (const { Action, Condition } of statements) {
    expect(Action).toBe('sqs:SendMessage')
    expect(Condition!.ArnEquals).toHaveProperty('aws:SourceArn')
  }
})

test('Lambda reads the scan queue with what it needs for that', () => {
  const queue = actionsOf(template.rightsOf('Scan')).filter((action) => action.startsWith('sqs:'))
  expect(queue).toEqual(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'])
})

describe('spoke roles', () => {
  const tagged = ['sts:AssumeRole', 'sts:TagSession']
  test.each([
    ['Scan', spokeRoles.reader, 'sts:AssumeRole'],
    ['Close', spokeRoles.reader, 'sts:AssumeRole'],
    ['Inspect', spokeRoles.reader, 'sts:AssumeRole'],
    ['AcceptByPolicy', spokeRoles.autoAcceptor, tagged],
    ['AcceptForPeople', spokeRoles.acceptor, tagged],
    ['Send', spokeRoles.sender, tagged],
    ['Transfer', spokeRoles.reader, 'sts:AssumeRole'],
    ['Reject', spokeRoles.rejector, tagged],
  ] as const)('%s assumes %s and nothing else, with tags if it settles', (id, role, actions) => {
    expect(assumes(id)).toMatchObject([{ Action: actions, Resource: `arn:aws:iam::${own}:role/${role}` }])
  })

  test('nobody else assumes a role', () => {
    expect(functionIds.filter((id) => assumes(id).length > 0).sort()).toEqual(
      ['AcceptByPolicy', 'AcceptForPeople', 'Close', 'Inspect', 'Reject', 'Scan', 'Send', 'Transfer'].sort(),
    )
  })

  test.each([
    ['Reader', ['Inspect', 'Close', 'Scan', 'Transfer']],
    ['Sender', ['Send']],
    ['AutoAcceptor', ['AcceptByPolicy']],
    ['Acceptor', ['AcceptForPeople']],
    ['Rejector', ['Reject']],
  ])('%s trusts the account, narrowed to the roles of %j and the external id', (role, workers) => {
    const [assume] = trustOf(role)
    const names = workers.map((id) => `arn:aws:iam::${own}:role/${template.at(`${id}Role`).Properties.RoleName}`)
    expect(assume).toMatchObject({
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${own}:root` },
      Condition: { ArnEquals: { 'aws:PrincipalArn': names }, StringEquals: { 'sts:ExternalId': 'gatehouse' } },
    })
  })

  test.each(['AutoAcceptor', 'Acceptor', 'Rejector'])('%s wants its sessions to name the offer', (role) => {
    const named = { Null: { 'aws:RequestTag/gatehouse:offer': 'false' } }
    const [assume, tag] = trustOf(role)
    expect(assume).toMatchObject({ Condition: named })
    expect(tag).toMatchObject({
      Action: 'sts:TagSession',
      Condition: {
        ArnEquals: assume!.Condition!.ArnEquals,
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['gatehouse:offer', 'gatehouse:run'] },
        ...named,
      },
    })
  })

  test('the reader takes no tags', () => {
    expect(trustOf('Reader')).toHaveLength(1)
    expect(trustOf('Reader')[0]!.Condition).not.toHaveProperty('Null')
  })

  test.each(['Reader', 'AutoAcceptor', 'Acceptor', 'Rejector'])('%s works in the configured regions', async (role) => {
    const elsewhere = await synthesizeTemplate({ region: 'eu-west-1' })
    for (const [view, region] of [
      [template, 'us-east-1'],
      [elsewhere, 'eu-west-1'],
    ] as const)
      for (const { Action, Condition } of rightsOfSpoke(role, view)) {
        const isGlobal = [Action].flat().some((action) => action.startsWith('iam:'))
        expect(Condition?.StringEquals?.['aws:RequestedRegion']).toEqual([isGlobal ? 'us-east-1' : region])
      }
  })

  test('the delegator is trusted to nobody while people accept delegations themselves', () => {
    const { AssumeRolePolicyDocument } = template.at('Spoke/Delegator').Properties
    expect(AssumeRolePolicyDocument.Statement).toMatchObject([{ Effect: 'Deny' }])
  })

  test('only the acceptors accept, only the rejector rejects', () => {
    const may = (pattern: RegExp): string[] =>
      ['Reader', 'AutoAcceptor', 'Acceptor', 'Rejector', 'Delegator'].filter((role) =>
        actionsOf(rightsOfSpoke(role)).some((action) => pattern.test(action)),
      )
    expect(may(/:Accept/)).toEqual(['AutoAcceptor', 'Acceptor'])
    expect(may(/:(Reject|Cancel)/)).toEqual(['Rejector'])
  })

  test('the auto-acceptor accepts shares of configured partners only', () => {
    const accepting = acceptsShares('AutoAcceptor')
    expect(accepting).toMatchObject([{ Condition: { StringEquals: { 'ram:ShareOwnerAccountId': ['444455556666'] } } }])
  })

  test('without partners it accepts nothing at all', async () => {
    template = await synthesizeTemplate({ partners: {} }, { policyDir: await policyDirOf({}) })
    const accepts = (role: string): string[] =>
      actionsOf(rightsOfSpoke(role)).filter((action) => /:Accept/.test(action))
    expect(accepts('AutoAcceptor')).toEqual([])
    expect(accepts('Acceptor')).toEqual(['iot:AcceptCertificateTransfer', 'ram:AcceptResourceShareInvitation'])
  })
})

test('with an organization, roles are assumed inside it only, on both sides', async () => {
  template = await synthesizeTemplate({ organization: { id: 'o-a1b2c3d4e5', delegatedAdmin: true } })
  expect(assumes('Reject')).toMatchObject([{ Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } } }])
  const trust = template.at('Spoke/Rejector').Properties.AssumeRolePolicyDocument.Statement
  for (const { Condition } of trust)
    expect(Condition.StringEquals).toMatchObject({ 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' })
  expect(actionsOf(template.rightsOf('Inspect'))).toContain('organizations:DescribeAccount')
})

function rightsOfSpoke(role: string, view = template): Statement[] {
  const policies: { PolicyDocument: { Statement: Statement[] } }[] = view.at(`Spoke/${role}`).Properties.Policies
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

function trustOf(role: string): Statement[] {
  return template.at(`Spoke/${role}`).Properties.AssumeRolePolicyDocument.Statement
}

function acceptsShares(role: string): Statement[] {
  return rightsOfSpoke(role).filter(({ Action }) => [Action].flat().includes('ram:AcceptResourceShareInvitation'))
}
