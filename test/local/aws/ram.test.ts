import {
  AcceptResourceShareInvitationCommand,
  CreateResourceShareCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  ListPendingInvitationResourcesCommand,
  paginateGetResourceShareInvitations,
  RAMClient,
  RejectResourceShareInvitationCommand,
  type CreateResourceShareCommandInput,
  type GetResourceShareInvitationsCommandInput,
} from '@aws-sdk/client-ram'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { createRam } from '../../../local/aws/services/ram.ts'
import type { BusEvent } from '../../../local/aws/service.ts'
import { startEndpoint, startMs, type TestEndpoint } from '../../support/endpoint.ts'

const us = '111111111111'
const partner = '444455556666'
const stranger = '555566667777'
const subnet = `arn:aws:ec2:us-east-1:${partner}:subnet/subnet-1`
const bus = `arn:aws:events:us-east-1:${partner}:event-bus/orders`
const hourMs = 3_600_000

const events: BusEvent[] = []
const behaviour = createBehaviour()
const service = createRam({ raise: (event) => events.push(event), behaviour })
let endpoint: TestEndpoint
let clients: Record<string, RAMClient>
const as = (account: string): RAMClient => clients[account]!

beforeEach(async () => {
  service.reset?.()
  behaviour.reset()
  events.length = 0
  endpoint = await startEndpoint([service], { behaviour })
  clients = Object.fromEntries([us, partner, stranger].map((id) => [id, new RAMClient(endpoint.as(id))]))
})
afterEach(() => endpoint.close())

async function share(input: Partial<CreateResourceShareCommandInput> = {}): Promise<string> {
  await as(partner).send(
    new CreateResourceShareCommand({ name: 'shared', resourceArns: [subnet], principals: [us], ...input }),
  )
  return (await invitations()).at(-1)?.resourceShareInvitationArn ?? ''
}
async function invitations(account = us, input: GetResourceShareInvitationsCommandInput = {}) {
  return (await as(account).send(new GetResourceShareInvitationsCommand(input))).resourceShareInvitations ?? []
}
const accept = (resourceShareInvitationArn: string, clientToken?: string, by = us) =>
  as(by).send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken }))
const reject = (resourceShareInvitationArn: string, clientToken?: string, by = us) =>
  as(by).send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken }))
const resources = async (resourceShareInvitationArn: string, scope?: 'GLOBAL' | 'REGIONAL') =>
  (
    await as(us).send(
      new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn, resourceRegionScope: scope }),
    )
  ).resources
const named = (name: string) => expect.objectContaining({ name }) as unknown

test('an invitation is seen by its receiver and its sender, under the ARN of the sender', async () => {
  const arn = await share()

  expect(arn).toMatch(new RegExp(`^arn:aws:ram:us-east-1:${partner}:resource-share-invitation/`))
  const expected = {
    senderAccountId: partner,
    receiverAccountId: us,
    resourceShareName: 'shared',
    invitationTimestamp: new Date(startMs),
    status: 'PENDING',
  }
  expect(await invitations()).toMatchObject([expected])
  expect(await invitations(partner)).toMatchObject([expected])
  expect(await invitations(stranger)).toEqual([])
  const elsewhere = new RAMClient(endpoint.as(us, 'eu-west-1'))
  expect((await elsewhere.send(new GetResourceShareInvitationsCommand({}))).resourceShareInvitations).toEqual([])
})

test('types come from the ARNs', async () => {
  const arns = [
    subnet,
    `arn:aws:ec2:us-east-1:${partner}:transit-gateway/tgw-1`,
    `arn:aws:rds:us-east-1:${partner}:cluster:aurora-1`,
    `arn:aws:route53resolver:us-east-1:${partner}:resolver-rule/rslvr-rr-1`,
    `arn:aws:license-manager:us-east-1:${partner}:license-configuration:lic-1`,
    `arn:aws:networkmanager::${partner}:core-network/core-1`,
  ]
  const arn = await share({ resourceArns: arns })

  expect((await resources(arn))?.map(({ type }) => type)).toEqual([
    'ec2:Subnet',
    'ec2:TransitGateway',
    'rds:Cluster',
    'route53resolver:ResolverRule',
    'license-manager:LicenseConfiguration',
    'networkmanager:CoreNetwork',
  ])
  expect((await resources(arn, 'GLOBAL'))?.map(({ arn: each }) => each)).toEqual([arns[5]])
})

test.each([
  ['7 days for subnets', [subnet], 7 * 24],
  ['12 hours for an event bus', [bus], 12],
  ['12 hours for a mixture', [subnet, bus], 12],
  ['12 hours for an empty share', [], 12],
])('an invitation lives %s', async (_name, resourceArns, hours) => {
  const arn = await share({ resourceArns })

  endpoint.advance(hours * hourMs - 1)
  expect(await invitations()).toMatchObject([{ status: 'PENDING' }])
  endpoint.advance(1)

  expect(await invitations()).toMatchObject([{ status: 'EXPIRED' }])
  await expect(accept(arn)).rejects.toEqual(named('ResourceShareInvitationExpiredException'))
  await expect(resources(arn)).rejects.toEqual(named('ResourceShareInvitationExpiredException'))
})

test('accept joins the share, once', async () => {
  const arn = await share()

  const answer = await accept(arn)

  expect(answer).toMatchObject({ resourceShareInvitation: { status: 'ACCEPTED' }, clientToken: expect.any(String) })
  expect(await invitations(partner)).toMatchObject([{ status: 'ACCEPTED' }])
  const joined = await as(us).send(new GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }))
  expect(joined.resourceShares).toMatchObject([{ name: 'shared', owningAccountId: partner, status: 'ACTIVE' }])
  expect(await resources(arn)).toEqual([])
  await expect(accept(arn)).rejects.toEqual(named('ResourceShareInvitationAlreadyAcceptedException'))
  await expect(reject(arn)).rejects.toEqual(named('ResourceShareInvitationAlreadyAcceptedException'))
})

test('a rejected invitation stays beside the new one', async () => {
  const first = await share()
  await reject(first)
  const second = await share()

  expect(await invitations()).toMatchObject([
    { resourceShareInvitationArn: first, status: 'REJECTED' },
    { resourceShareInvitationArn: second, status: 'PENDING' },
  ])
  await expect(accept(first)).rejects.toEqual(named('ResourceShareInvitationAlreadyRejectedException'))
  await expect(resources(first)).rejects.toEqual(named('ResourceShareInvitationAlreadyRejectedException'))
})

test('a client token repeats the first answer, and no other', async () => {
  const arn = await share()
  const other = await share()

  const first = await accept(arn, 'token-1')

  expect((await accept(arn, 'token-1')).resourceShareInvitation).toEqual(first.resourceShareInvitation)
  await expect(accept(other, 'token-1')).rejects.toEqual(named('IdempotentParameterMismatchException'))
  await expect(reject(arn, 'token-1')).rejects.toEqual(named('IdempotentParameterMismatchException'))
  await expect(reject(other, 'not a token')).rejects.toEqual(named('InvalidClientTokenException'))
  await expect(accept(arn, 'token-2')).rejects.toEqual(named('ResourceShareInvitationAlreadyAcceptedException'))
})

test('only the receiver answers', async () => {
  const arn = await share()

  await expect(accept(arn, undefined, partner)).rejects.toEqual(named('OperationNotPermittedException'))
  await expect(accept(arn, undefined, stranger)).rejects.toEqual(named('ResourceShareInvitationArnNotFoundException'))
  await expect(reject('arn:aws:ram:here')).rejects.toEqual(named('MalformedArnException'))
})

test('what cannot be shared is refused', async () => {
  await expect(share({ resourceArns: ['subnet-1'] })).rejects.toEqual(named('MalformedArnException'))
  await expect(share({ principals: ['someone'] })).rejects.toEqual(named('MalformedArnException'))
  await expect(share({ principals: [partner] })).rejects.toEqual(named('InvalidParameterException'))
  await expect(share({ allowExternalPrincipals: false })).rejects.toEqual(named('OperationNotPermittedException'))
})

test('an invited role shows as receiverArn', async () => {
  const role = `arn:aws:iam::${us}:role/network`
  await share({ principals: [role] })

  expect(await invitations()).toMatchObject([{ receiverAccountId: us, receiverArn: role }])
})

test('lists filter and page', async () => {
  const arns = [await share(), await share(), await share()]
  const found: unknown[] = []

  for await (const page of paginateGetResourceShareInvitations({ client: as(us), pageSize: 2 }, {})) {
    found.push(page.resourceShareInvitations?.map((each) => each.resourceShareInvitationArn))
  }

  expect(found).toEqual([arns.slice(0, 2), arns.slice(2)])
  expect(await invitations(us, { resourceShareInvitationArns: [arns[1]!] })).toHaveLength(1)
  const unknown = arns[0]!.replace(/.{4}$/, 'zzzz')
  await expect(invitations(us, { resourceShareInvitationArns: [unknown] })).rejects.toEqual(
    named('ResourceShareInvitationArnNotFoundException'),
  )
  await expect(invitations(us, { nextToken: 'x' })).rejects.toEqual(named('InvalidNextTokenException'))
  await expect(invitations(us, { maxResults: 501 })).rejects.toEqual(named('InvalidMaxResultsException'))
})

test('emptyPages puts a page without items before each real one', async () => {
  behaviour.set({ ram: { emptyPages: true } })
  await as(partner).send(new CreateResourceShareCommand({ name: 'a', principals: [us, stranger] }))
  const sizes: unknown[] = []

  for await (const page of paginateGetResourceShareInvitations({ client: as(partner), pageSize: 1 }, {})) {
    sizes.push(page.resourceShareInvitations?.length)
  }

  expect(sizes).toEqual([0, 1, 0, 1])
})

test('staleReads shows an answer late, but takes no second one', async () => {
  behaviour.set({ ram: { staleReads: 2 } })
  const arn = await share()
  await accept(arn)

  const statuses = []
  for (let read = 0; read < 3; read += 1) statuses.push((await invitations())[0]?.status)

  expect(statuses).toEqual(['PENDING', 'PENDING', 'ACCEPTED'])
  await expect(reject(arn)).rejects.toEqual(named('ResourceShareInvitationAlreadyAcceptedException'))
})

test('events reach the receiver at once, and the trail of whoever calls', async () => {
  const arn = await share()
  await reject(arn)

  const seen = events.map(({ account, detail, ...event }) => [account, event['detail-type'], detail['eventName']])
  expect(seen).toEqual([
    [us, 'Resource Sharing State Change', undefined],
    [partner, 'AWS API Call via CloudTrail', 'CreateResourceShare'],
    [us, 'AWS API Call via CloudTrail', 'RejectResourceShareInvitation'],
  ])
  expect(events[2]?.detail).toMatchObject({ requestParameters: { resourceShareInvitationArn: arn } })
})

test('state survives a snapshot as JSON', async () => {
  const arn = await share()
  await accept(arn, 'token-1')
  const saved: unknown = JSON.parse(JSON.stringify(service.snapshot?.()))
  service.reset?.()
  expect(await invitations()).toEqual([])

  service.restore?.(saved)

  expect(await invitations()).toMatchObject([{ status: 'ACCEPTED' }])
  await expect(accept(arn, 'token-1')).resolves.toMatchObject({ clientToken: 'token-1' })
})
