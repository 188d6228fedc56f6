import { AttachPolicyCommand, RegisterCertificateWithoutCACommand } from '@aws-sdk/client-iot'
import type { Hint } from '../../lambda/contract/states.ts'
import type { TransferInput, TransferReply } from '../../lambda/contract/transfer.ts'
import { askForTransfer, type TransferDeps } from '../../lambda/handlers/transfer.handler.ts'
import { refOfRequest } from '../../lambda/domain/transfer-request.ts'
import { openKind } from '../../lambda/kinds/open.ts'
import { TransferStore } from '../../lambda/ledger/transfer-store.ts'
import { makeCertificate } from '../../local/certificates.ts'
import { startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { aContext, partner, stranger, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'

const olaf = `arn:aws:sts::${us}:assumed-role/Operators/olaf`
let table: TestTable
let kinds: KindWorld
let nowMs = Date.parse('2026-11-20T10:00:00Z')
let hints: Hint[] = []

beforeAll(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
})
beforeEach(() => {
  hints = []
  nowMs += 1000
})
afterAll(async () => {
  await table.close()
  await kinds.close()
})

function deps(overrides: Partial<TransferDeps> = {}): TransferDeps {
  return {
    requests: new TransferStore({ ...table, now: () => new Date(nowMs) }),
    queue: { send: async (sent) => void hints.push(...sent) },
    settings: { mode: 'enforce' },
    identify: async () => olaf,
    governs: async ({ account }) => account === us,
    obstacle: async (target, certificateId) =>
      await (await openKind(aContext(target.kind, { target }))).obstacle?.(certificateId),
    now: () => new Date(nowMs),
    ...overrides,
  }
}

async function certificate(status = 'INACTIVE'): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const input = { certificatePem: pem, status: status as 'INACTIVE' }
  return (await kinds.iot(us).send(new RegisterCertificateWithoutCACommand(input))).certificateId ?? ''
}

function input(certificateId: string, overrides: Partial<TransferInput> = {}): TransferInput {
  return { account: us, region: 'us-east-1', certificateId, to: partner, message: 'as agreed', proof: {}, ...overrides }
}

async function problemOf(reply: Promise<TransferReply>): Promise<string> {
  const answer = await reply
  expect(hints).toEqual([])
  return answer.result === 'refused' ? answer.problem : answer.result
}

test('what is asked for is recorded, by whom STS names, and the scan is told; the same again is the same one', async () => {
  const certificateId = await certificate()
  const first = await askForTransfer(input(certificateId), deps())
  expect(first).toMatchObject({ result: 'asked' })
  expect(hints).toEqual([{ kind: 'iot-send', account: us, region: 'us-east-1', awsId: certificateId }])
  expect(await deps().requests.find({ account: us, region: 'us-east-1' }, certificateId)).toMatchObject({
    to: partner,
    requestedBy: olaf,
    state: 'asked',
    ended: false,
  })
  nowMs += 60_000
  expect(await askForTransfer(input(certificateId), deps())).toEqual({ ...first, result: 'standing' })
  expect(hints).toHaveLength(2)
  hints = []
  const other = input(certificateId, { to: stranger })
  expect(await problemOf(askForTransfer(other, deps()))).toContain('another transfer of it is asked for')
})

test('a call that comes again after its case is over asks for nothing; one that is signed anew does', async () => {
  const certificateId = await certificate()
  const signed = input(certificateId, { proof: { Authorization: 'once' } })
  await askForTransfer(signed, deps())
  const store = new TransferStore({ ...table, now: () => new Date(nowMs) })
  const place = { account: us, region: 'us-east-1' }
  await store.end(refOfRequest((await store.find(place, certificateId))!))
  nowMs += 60_000
  hints = []
  expect(await problemOf(askForTransfer(signed, deps()))).toContain('was made before')
  const anew = input(certificateId, { proof: { authorization: 'twice' } })
  expect(await askForTransfer(anew, deps())).toMatchObject({ result: 'asked' })
})

test('of two at the same time one is asked for', async () => {
  const certificateId = await certificate()
  const replies = await Promise.all(
    [partner, stranger].map((to) => askForTransfer(input(certificateId, { to }), deps())),
  )
  expect(replies.map(({ result }) => result).sort()).toEqual(['asked', 'refused'])
})

test('what AWS would not let go is said at once, and nobody is asked', async () => {
  const active = await certificate('ACTIVE')
  expect(await problemOf(askForTransfer(input(active), deps()))).toContain('deactivate it first')
  const used = await certificate()
  const target = `arn:aws:iot:us-east-1:${us}:cert/${used}`
  await kinds.iot(us).send(new AttachPolicyCommand({ policyName: 'pumps', target }))
  expect(await problemOf(askForTransfer(input(used), deps()))).toContain('policies are attached to it (pumps)')
  const away = await transfer(kinds, { from: us, to: stranger })
  expect(await problemOf(askForTransfer(input(away), deps()))).toContain('on its way')
  const theirs = input('0'.repeat(64))
  expect(await problemOf(askForTransfer(theirs, deps()))).toContain('no such certificate')
})

test('who cannot be named, another account, or a mode that only observes: refused', async () => {
  const asked = input(await certificate())
  expect(await problemOf(askForTransfer(asked, deps({ identify: async () => undefined })))).toContain('who you are')
  expect(await problemOf(askForTransfer({ ...asked, account: stranger }, deps()))).toContain('does not answer for')
  expect(await problemOf(askForTransfer(asked, deps({ settings: { mode: 'observe' } })))).toContain('only observes')
  expect(await problemOf(askForTransfer({ ...asked, to: us }, deps()))).toContain('already')
})
