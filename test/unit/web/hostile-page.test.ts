import type { JsonObject } from '../../../lambda/domain/json.ts'
import { renderOffer } from '../../../lambda/web/offer-views.ts'
import { hashB } from '../../support/events.ts'
import { factsOfKind, hostileTexts } from '../../support/facts.ts'
import { goodVote, Site } from '../../support/site.ts'

/** Every tag of a page: hostile text may add none and change none. */
function tagsOf(page: string): string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
}

function written(text: string): JsonObject {
  return {
    requestorName: text,
    description: text,
    requestMessage: text,
    redirectUrl: text,
    inventedByAws: text,
    templateArn: text,
  }
}

async function pageWith(text: string): Promise<string> {
  const site = new Site('iam-delegation', factsOfKind('iam-delegation', written(text))).asking()
  return await (await site.get()).text()
}

describe.each(Object.entries(hostileTexts))('hostile text: %s', (_name, text) => {
  // A long text of either sort is shown in two parts.
  const harmless = text.length > 1000 ? 'x'.repeat(text.length) : 'harmless'

  test('adds no markup and no link to the page', async () => {
    const page = await pageWith(text)

    expect(tagsOf(page)).toEqual(tagsOf(await pageWith(harmless)))
    // The page's own link to its form is the only one.
    expect(page.match(/<a\s[^>]*>/g)).toEqual(['<a href="#decide">'])
  })

  test('adds none to what changed', async () => {
    const tags = async (message: string): Promise<string[]> => {
      const site = new Site('iot-transfer').asking()
      site.facts.set(hashB, factsOfKind('iot-transfer', { message }))
      site.story.inspected(2, hashB, { cause: 'facts-changed' })
      return tagsOf(await (await site.asking().post(goodVote)).text())
    }

    expect(await tags(text)).toEqual(await tags(harmless))
  })

  test('adds none to what a voter typed, shown again', async () => {
    const tags = async (comment: string): Promise<string[]> =>
      tagsOf(await (await new Site().asking().post({ ...goodVote, digits: '', comment })).text())
    const bounded = text.slice(0, 1000)

    expect(await tags(bounded)).toEqual(await tags('harmless'))
  })

  test('adds none, and nothing invisible, to what a policy that failed quotes', async () => {
    const page = async (quoted: string): Promise<string> => {
      const site = new Site()
      const errors = [`review: odd: cannot read \`${quoted.slice(0, 200)}\``]
      site.story.judged({ errors, approval: { allowed: false, policies: [], errors } }).asked(['ada'])
      return await (await site.get()).text()
    }
    const shown = await page(text)

    expect(shown.match(/A policy could not be evaluated: /g)).toHaveLength(2)
    expect(tagsOf(shown)).toEqual(tagsOf(await page('harmless')))
    expect(/[\p{Cc}\p{Cf}]/u.exec(shown.replaceAll('\n', ''))).toBeNull()
  })

  test('adds none to the timeline', () => {
    const tags = (detail: string): string[] => {
      const { story } = new Site('ram-invitation', factsOfKind('ram-invitation', { shareName: detail })).asking()
      story.add({
        type: 'voted',
        data: { approver: 'ada', choice: 'reject', comment: detail, assurance: 'link holder' },
      })
      story.add({ type: 'failed', data: { error: 'Boom', detail } })
      const facts = factsOfKind('ram-invitation', { shareName: detail })
      const view = { state: story.state, events: story.events, facts, now: new Date('2026-11-20T20:00:00Z') }
      return tagsOf(renderOffer(view).toString())
    }

    expect(tags(text)).toEqual(tags(harmless))
  })
})

test('128 newlines do not stretch the page', async () => {
  const lines = (page: string): number => page.split('\n').length

  expect(lines(await pageWith(hostileTexts['newlines']!))).toBe(lines(await pageWith('harmless')))
})
