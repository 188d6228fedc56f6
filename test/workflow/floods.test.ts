import { offerIdOf } from '../../lambda/domain/offer.ts'
import { runHint } from '../../lambda/handlers/scan/run-hint.ts'
import { closeScenes, openScenes, scene, type Scene } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

/** So many offers of one sender, and behind them the offer of another. */
function floodOf(count: number): Scene & { others: string } {
  const given = scene({ settings: { runsPerSecond: 5 } })
  const { ref, counterparty } = given.offer
  for (let index = 1; index < count; index += 1)
    given.aws.offer({ ref: { ...ref, awsId: `${ref.awsId}-${index}` }, counterparty })
  const last = given.aws.offer({ ref: { ...ref, awsId: `${ref.awsId}-other` }, counterparty: '777788889999' })
  return { ...given, others: offerIdOf(last.ref) }
}

test('2,000 offers of one sender delay the start and the mail of another sender by one', async () => {
  const { world, others } = floodOf(2000)

  const deps = world.scanDeps()
  const later = (): Promise<void> => Promise.resolve()
  await runHint(world.target('ram-invitation'), { ...deps, queue: { ...deps.queue, later } })
  await world.idle()

  const started = world.executions().sort((a, b) => a.startMs - b.startMs)
  expect(started.map(({ name }) => name).slice(0, 2)).toContain(`${others}-1`)
  const asked = world.mails.map(({ mail }) => mail.text.match(/Offer (\S+)\.\n$/)?.[1])
  expect([...new Set(asked)].slice(0, 2)).toContain(others)
}, 120_000)
