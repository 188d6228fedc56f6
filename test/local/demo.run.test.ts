import { runDemo } from '../../local/demo.ts'
import { reportOf } from '../../local/demo/report.ts'
import { scenes } from '../../local/demo/script.ts'
import type { OfferDetailsJson } from '../../local/console/offer-json.ts'
import { detailsOf } from '../../local/console/offer-json.ts'
import { hashA, Story } from '../support/events.ts'

jest.setTimeout(300_000)

test('every offer of the demo ends as the script has it', async () => {
  let out = ''

  const asExpected = await runDemo((text) => {
    out += text
  })

  const table = out.split('\n').filter((line) => line.startsWith('…'))
  expect(out).not.toContain('otherwise than expected')
  expect(asExpected).toBe(true)
  expect(table).toHaveLength(scenes.length)
  for (const kind of ['ram-invitation', 'iot-transfer', 'iot-outgoing', 'iam-delegation']) expect(out).toContain(kind)
  for (const outcome of ['ACCEPTED', 'REJECTED', 'LEFT']) expect(table.join('\n')).toContain(outcome)
})

describe('what ended otherwise', () => {
  const [scene] = scenes

  function ended(story: Story): OfferDetailsJson {
    return detailsOf({ state: story.state, events: story.events, facts: undefined })
  }

  test('an offer that is still open is a surprise', () => {
    const story = new Story().inspected(1, hashA).judged().asked()

    const { surprises } = reportOf([{ scene: scene!, ended: ended(story) }])

    expect(surprises).toEqual([
      'partner-shares-subnets: verdict: expected accept, got review',
      'partner-shares-subnets: decided by: expected policy, got nobody',
      'partner-shares-subnets: outcome: expected ACCEPTED, got none',
    ])
  })

  test('an offer that ended as written is none, and its policies are named', () => {
    const policies = [{ id: 'ram.accept-network-from-partners', reason: 'because' }]
    const story = new Story().inspected(1, hashA).judged({ verdict: 'accept', policies })
    story.add({ type: 'closed', data: { outcome: 'ACCEPTED', finding: 'accepted' } })

    const { surprises, table } = reportOf([{ scene: scene!, ended: ended(story) }])

    expect(surprises).toEqual([])
    expect(table).toMatch(/444455556666 +accept +ram\.accept-network-from-partners +ACCEPTED/)
  })
})
