import { AcceptCertificateTransferCommand } from '@aws-sdk/client-iot'
import { cancelLost } from '../../lambda/contract/log-lines.ts'
import { factsHashOf } from '../../lambda/domain/facts.ts'
import { offerIdOf } from '../../lambda/domain/offer.ts'
import { logger } from '../../lambda/handlers/serve.ts'
import { startKindWorld, transfer, type KindWorld } from '../support/kind-world.ts'
import { partner, us } from '../support/kinds.ts'
import { createNearTable, type TestTable } from '../support/table.ts'
import { policyByName, World } from '../support/world.ts'

let table: TestTable
let kinds: KindWorld
let world: World

beforeEach(async () => {
  table = await createNearTable()
  kinds = await startKindWorld()
})
afterEach(async () => {
  jest.restoreAllMocks()
  world.close()
  await table.close()
  await kinds.close()
})

function start(verdict: 'accept' | 'reject' | 'review'): void {
  const policy = policyByName({ undefined: verdict })
  world = new World({ table, account: us, open: (target) => kinds.open(target.kind, { target }), policy })
}

const outgoing = { from: us, to: partner }

test('a scan of certificates that were left alone reads none of them again: its calls are the pages', async () => {
  start('accept')
  await Promise.all(Array.from({ length: 12 }, () => transfer(kinds, outgoing)))
  const kind = await kinds.open('iot-outgoing')
  await world.scan(world.target('iot-outgoing'))
  const calls = jest.spyOn(kinds.behaviour, 'takeFault')
  await world.scan(world.target('iot-outgoing'))
  expect(calls.mock.calls).toEqual([['iot', 'ListOutgoingCertificates']])
  for await (const { ref, facts } of kind.discover()) {
    const inspection = await kind.inspect(ref)
    expect((await world.state(offerIdOf(ref))).closed?.outcome).toBe('LEFT')
    expect(inspection).toMatchObject({ state: 'pending' })
    expect(factsHashOf(await facts!())).toBe((await world.state(offerIdOf(ref))).judgedOn?.factsHash)
  }
})

test.each(['before our cancel', 'while our cancel was on its way'])(
  'a receiver who accepts %s has the certificate, and somebody is told',
  async (when) => {
    start('reject')
    const errors = jest.spyOn(logger, 'error').mockImplementation()
    const certificateId = await transfer(kinds, outgoing)
    const ref = (await (await kinds.open('iot-outgoing')).locate(certificateId))!
    const accept = (): Promise<unknown> =>
      kinds.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId }))
    if (when === 'before our cancel')
      world.beforeSettling = async () => {
        await accept()
      }
    else raceAtCancel(accept)
    await world.scan({ ...world.target('iot-outgoing'), awsId: certificateId })
    const offerId = offerIdOf(ref)
    expect(await world.state(offerId)).toMatchObject({
      closed: { outcome: 'SUPERSEDED', finding: 'accepted' },
      ending: { how: 'accepted' },
    })
    expect(errors.mock.calls).toEqual([
      [cancelLost, { offerId, account: us, region: 'us-east-1', certificateId, counterparty: partner }],
    ])
  },
)

test('a receiver who accepts after a run that could not cancel: somebody is told, too', async () => {
  start('reject')
  const errors = jest.spyOn(logger, 'error').mockImplementation()
  kinds.behaviour.set({
    faults: [{ service: 'iot', operation: 'CancelCertificateTransfer', error: 'UnauthorizedException' }],
  })
  const certificateId = await transfer(kinds, outgoing)
  const offerId = offerIdOf((await (await kinds.open('iot-outgoing')).locate(certificateId))!)
  await world.scan({ ...world.target('iot-outgoing'), awsId: certificateId })
  expect((await world.state(offerId)).failures).toBe(1)
  await kinds.iot(partner).send(new AcceptCertificateTransferCommand({ certificateId }))
  await world.advance(86_400_000)
  await world.scan(world.target('iot-outgoing'))
  expect((await world.state(offerId)).closed).toMatchObject({ outcome: 'SUPERSEDED', finding: 'accepted' })
  expect(errors.mock.calls.filter(([line]) => line === cancelLost)).toHaveLength(1)
})

/** The receiver's accept comes between our last reading and our call. */
function raceAtCancel(accept: () => Promise<unknown>): void {
  const open = kinds.open.bind(kinds)
  kinds.open = async (kind, overrides) => {
    const opened = await open(kind, overrides)
    const settle = opened.settle.bind(opened)
    opened.settle = async (request) => {
      await accept()
      return await settle(request)
    }
    return opened
  }
}
