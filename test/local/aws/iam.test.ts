import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  GetDelegationRequestCommand,
  GetHumanReadableSummaryCommand,
  IAMClient,
  ListDelegationRequestsCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
  type CreateDelegationRequestCommandInput,
  type ListDelegationRequestsCommandInput,
} from '@aws-sdk/client-iam'
import { createBehaviour } from '../../../local/aws/behaviour.ts'
import { createIam } from '../../../local/aws/services/iam.ts'
import type { BusEvent, Caller } from '../../../local/aws/service.ts'
import { administratorOf, startEndpoint, startMs, type TestEndpoint } from '../../support/endpoint.ts'

const us = '111111111111'
const partner = '444455556666'
const stranger = '555566667777'
const roleKey = 'ASIAROLESESSION'
const role = `arn:aws:iam::${us}:role/gatehouse-rejector`
const dayMs = 24 * 3_600_000

const resolveCaller = (key: string): Caller | undefined =>
  key === roleKey
    ? { account: us, arn: `arn:aws:sts::${us}:assumed-role/gatehouse-rejector/offer`, role: 'gatehouse-rejector' }
    : administratorOf(key)

const events: BusEvent[] = []
const behaviour = createBehaviour()
const service = createIam({ raise: (event) => events.push(event), behaviour })
let endpoint: TestEndpoint
let clients: Record<string, IAMClient>
const as = (key: string): IAMClient => clients[key]!

beforeEach(async () => {
  service.reset?.()
  behaviour.reset()
  events.length = 0
  endpoint = await startEndpoint([service], { resolveCaller })
  clients = Object.fromEntries([us, partner, stranger, roleKey].map((id) => [id, new IAMClient(endpoint.as(id))]))
})
afterEach(() => endpoint.close())

async function create(input: Partial<CreateDelegationRequestCommandInput> = {}): Promise<string> {
  const made = await as(partner).send(
    new CreateDelegationRequestCommand({
      OwnerAccountId: us,
      Description: 'set up <monitoring>',
      RequestorWorkflowId: 'workflow-1',
      NotificationChannel: 'arn:aws:sns:us-east-1:444455556666:topic',
      SessionDuration: 3600,
      Permissions: {
        PolicyTemplateArn: 'arn:aws:iam:::delegation-template/monitoring',
        Parameters: [
          { Name: 'Bucket', Type: 'string', Values: ['logs'] },
          { Name: 'Prefixes', Type: 'stringList', Values: ['a', 'b'] },
        ],
      },
      ...input,
    }),
  )
  expect(made.ConsoleDeepLink).toContain(made.DelegationRequestId)
  return made.DelegationRequestId ?? ''
}

const get = async (id: string, by = us) =>
  (await as(by).send(new GetDelegationRequestCommand({ DelegationRequestId: id }))).DelegationRequest
const list = (by = us, input: ListDelegationRequestsCommandInput = {}) =>
  as(by).send(new ListDelegationRequestsCommand(input))
const listed = async (by = us) => (await list(by)).DelegationRequests?.map((each) => each.DelegationRequestId)
const associate = (id: string, by = us) =>
  as(by).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }))
const update = (id: string) =>
  as(us).send(new UpdateDelegationRequestCommand({ DelegationRequestId: id, Notes: 'please look' }))
const accept = (id: string) => as(us).send(new AcceptDelegationRequestCommand({ DelegationRequestId: id }))
const reject = (id: string, by = us) =>
  as(by).send(new RejectDelegationRequestCommand({ DelegationRequestId: id, Notes: 'no & <never>' }))
const sendToken = (id: string, by = us) => as(by).send(new SendDelegationTokenCommand({ DelegationRequestId: id }))
const noSuchEntity = { name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } }
const invalidInput = { name: 'InvalidInputException', $metadata: { httpStatusCode: 400 } }

test('a new request carries what was asked, and is listed only when owned', async () => {
  const id = await create()

  expect(await get(id)).toMatchObject({
    DelegationRequestId: id,
    State: 'UNASSIGNED',
    OwnerAccountId: us,
    RequestorId: partner,
    Description: 'set up <monitoring>',
    SessionDuration: 3600,
    OnlySendByOwner: false,
    Permissions: { Parameters: [{ Name: 'Bucket', Values: ['logs'] }, { Values: ['a', 'b'] }] },
    PermissionPolicy: expect.stringContaining('monitoring'),
    ExpirationTime: new Date(startMs + dayMs),
    CreateDate: new Date(startMs),
  })
  expect(await listed()).toEqual([])
  await associate(id, roleKey)
  expect(await get(id)).toMatchObject({
    State: 'ASSIGNED',
    OwnerId: role,
    ExpirationTime: new Date(startMs + 7 * dayMs),
  })
  expect(await listed()).toEqual([id])
  expect(await listed(stranger)).toEqual([])
})

test('who may see and take a request depends on its owner account', async () => {
  const preset = await create()
  const open = await create({ OwnerAccountId: undefined })

  await expect(get(preset, stranger)).rejects.toMatchObject(noSuchEntity)
  await expect(associate(preset, stranger)).rejects.toMatchObject(noSuchEntity)
  expect(await get(open, stranger)).not.toHaveProperty('OwnerAccountId')
  await associate(open, stranger)
  await expect(get(open)).rejects.toMatchObject(noSuchEntity)
  await expect(associate(open)).rejects.toMatchObject(noSuchEntity)
})

test('a request goes from its owner over an administrator to the token', async () => {
  const id = await create()
  await associate(id)
  await update(id)
  expect(await get(id)).toMatchObject({ State: 'PENDING_APPROVAL', Notes: 'please look' })
  await accept(id)
  expect(await get(id)).toMatchObject({ State: 'ACCEPTED', ApproverId: `arn:aws:iam::${us}:root` })
  await sendToken(id)

  expect(await get(id)).toMatchObject({ State: 'FINALIZED' })
  await expect(reject(id)).rejects.toMatchObject(invalidInput)
})

test.each([
  ['ASSIGNED', []],
  ['PENDING_APPROVAL', [update]],
  ['ACCEPTED', [accept]],
])('a request that is %s can be rejected, with notes', async (_state, steps) => {
  const id = await create()
  await associate(id)
  for (const step of steps) await step(id)

  await reject(id)

  expect(await get(id)).toMatchObject({ State: 'REJECTED', RejectionReason: 'no & <never>' })
})

test('a call in the wrong state changes nothing and says InvalidInput', async () => {
  const id = await create()
  const before = await get(id)

  for (const call of [accept, reject, update, sendToken]) await expect(call(id)).rejects.toMatchObject(invalidInput)
  expect(await get(id)).toEqual(before)
  await associate(id)
  await expect(associate(id)).rejects.toMatchObject(invalidInput)
  await expect(sendToken(id)).rejects.toMatchObject(invalidInput)
})

test('only the owner sends a token that is for the owner to send', async () => {
  const id = await create({ OnlySendByOwner: true })
  await associate(id, roleKey)
  await accept(id)

  await expect(sendToken(id)).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })
  await sendToken(id, roleKey)
  expect(await get(id)).toMatchObject({ State: 'FINALIZED' })
})

test('an unassigned request expires after a day, an assigned one after seven', async () => {
  const open = await create()
  const owned = await create()
  await associate(owned)

  endpoint.advance(dayMs)
  expect(await get(open)).toMatchObject({ State: 'EXPIRED' })
  expect(await get(owned)).toMatchObject({ State: 'ASSIGNED' })
  await expect(associate(open)).rejects.toMatchObject(invalidInput)
  endpoint.advance(6 * dayMs)
  expect(await get(owned)).toMatchObject({ State: 'EXPIRED' })
  await expect(reject(owned)).rejects.toMatchObject(invalidInput)
})

test('what has ended is forgotten after seven days', async () => {
  const id = await create()
  await associate(id)
  await reject(id)

  endpoint.advance(7 * dayMs - 1)
  expect(await get(id)).toMatchObject({ State: 'REJECTED' })
  endpoint.advance(1)

  await expect(get(id)).rejects.toMatchObject(noSuchEntity)
})

test('the list pages by marker, and lacks what only Get has', async () => {
  const ids = [await create(), await create(), await create()]
  for (const id of ids) await associate(id)

  const first = await list(us, { MaxItems: 2 })
  const second = await list(us, { MaxItems: 2, Marker: first.Marker })

  expect([first.isTruncated, second.isTruncated]).toEqual([true, false])
  const pages = [...(first.DelegationRequests ?? []), ...(second.DelegationRequests ?? [])]
  expect(pages.map((each) => each.DelegationRequestId)).toEqual(ids)
  expect(pages[0]).not.toHaveProperty('PermissionPolicy')
  expect(pages[0]).not.toHaveProperty('ExpirationTime')
  expect((await list(us, { OwnerId: role })).DelegationRequests ?? []).toEqual([])
})

test('a permission check is of the caller, and takes its time', async () => {
  const id = await create()
  const check = (by: string) =>
    as(by).send(new GetDelegationRequestCommand({ DelegationRequestId: id, DelegationPermissionCheck: true }))
  behaviour.set({ iam: { permissionCheckSeconds: 30, permissionCheck: 'DENIED' } })

  expect(await check(us)).toMatchObject({ PermissionCheckStatus: 'IN_PROGRESS' })
  endpoint.advance(29_000)
  expect(await check(us)).toMatchObject({ PermissionCheckStatus: 'IN_PROGRESS' })
  endpoint.advance(1_000)
  expect(await check(us)).toMatchObject({ PermissionCheckStatus: 'COMPLETE', PermissionCheckResult: 'DENIED' })
  expect(await check(roleKey)).toMatchObject({ PermissionCheckStatus: 'IN_PROGRESS' })
  behaviour.set({ iam: { permissionCheck: 'FAILED' } })
  expect(await check(us)).toEqual(expect.objectContaining({ PermissionCheckStatus: 'FAILED' }))
  expect(await check(us)).not.toHaveProperty('PermissionCheckResult')
  expect(await get(id)).toMatchObject({ State: 'UNASSIGNED' })
})

test('a summary is there for requests that the caller may read', async () => {
  const id = await create()
  const summary = (EntityArn: string, by = us) => as(by).send(new GetHumanReadableSummaryCommand({ EntityArn }))
  const arn = `arn:aws:iam::${us}:delegation-request/${id}`

  expect(await summary(arn)).toMatchObject({
    SummaryState: 'AVAILABLE',
    SummaryContent: expect.stringContaining('monitoring'),
  })
  await expect(summary(arn, stranger)).rejects.toMatchObject(noSuchEntity)
  await expect(summary(`arn:aws:iam::${us}:role/x-${id}`)).rejects.toMatchObject(invalidInput)
  behaviour.set({ iam: { summary: 'NOT_AVAILABLE' } })
  expect(await summary(arn)).not.toHaveProperty('SummaryContent')
})

test('who asks for a role says what may bound it', async () => {
  const id = await create({
    Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/MonitoringRole', Parameters: [] },
  })

  expect(await get(id)).toMatchObject({
    PermissionPolicy: expect.stringContaining('iam:CreateRole'),
    RolePermissionRestrictionArns: [expect.stringContaining('permission_boundary')],
  })
})

test('the owner account hears of each change, in us-east-1', async () => {
  const id = await create()
  await create({ OwnerAccountId: undefined })
  await as(roleKey).send(new AssociateDelegationRequestCommand({ DelegationRequestId: id }))

  const seen = events.map(({ account, region, detail, ...event }) => {
    const change = event['detail-type'].replace('IAM Temporary Delegation Request ', '')
    return [account, region, change === 'AWS API Call via CloudTrail' ? detail['eventName'] : change]
  })
  expect(seen).toEqual([
    [us, 'us-east-1', 'Created'],
    [partner, 'us-east-1', 'CreateDelegationRequest'],
    [partner, 'us-east-1', 'CreateDelegationRequest'],
    [us, 'us-east-1', 'Assigned'],
    [us, 'us-east-1', 'AssociateDelegationRequest'],
  ])
  expect(events[4]?.detail).toMatchObject({
    requestParameters: { delegationRequestId: id },
    userIdentity: {
      type: 'AssumedRole',
      sessionContext: { sessionIssuer: { arn: role, userName: 'gatehouse-rejector' } },
    },
  })
})

test('state survives a snapshot as JSON', async () => {
  const id = await create()
  await associate(id)
  const saved: unknown = JSON.parse(JSON.stringify(service.snapshot?.()))
  service.reset?.()

  service.restore?.(saved)

  expect(await get(id)).toMatchObject({ State: 'ASSIGNED', Description: 'set up <monitoring>' })
})
