import { queueForDigest } from '../support/queued.ts'
import { closeScenes, openScenes } from '../support/scene.ts'

beforeAll(openScenes)
afterAll(closeScenes)

/** More than one write in a batch takes; `npm run bench digest` has thousands. */
const count = 30

test('many offers for five people: five mails, and nothing stays for the next digest', async () => {
  const world = await queueForDigest(count)

  expect(await world.digest()).toEqual({ groups: 1, mails: 5, offers: count, endings: 0 })

  expect(await world.digests.entries('big')).toEqual([])
})
