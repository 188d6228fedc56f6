import { goodVote, type Site } from '../../support/site.ts'
import { gallery, held } from '../../support/gallery.ts'
import { publicSettings } from '../../../lib/config.ts'

const scenes = new Map(gallery.map(({ name, make }) => [name, make]))

async function pageOf(name: string, prepare: (site: Site) => void = () => undefined): Promise<string> {
  const site = scenes.get(name)!()
  prepare(site)
  return await (await site.get()).text()
}

test('shows each group, its quorum, who is missing, and who has no say', async () => {
  const page = await pageOf('quorum')

  expect(page).toMatch(/<strong>network<\/strong>[^]*1 of 2 accepts[^]*Needs 1 more of ada \(you\), cara\./)
  expect(page).toContain('Neither asked nor counted: dora, who works for the other account.')
  expect(page).toContain('We asked for these subnets.')
})

test('tells the escalation group why it is asked', async () => {
  expect(await pageOf('escalated')).toContain('others were asked first. Time runs short.')
})

test('gives no form to who has a conflict, and says why', async () => {
  const page = await pageOf('conflict')

  expect(page).toContain('You have no vote on this offer')
  expect(page).toContain('You are somebody who works for the other account')
  expect(page).not.toContain('<form')
})

test('shows the deadline in the zone of the reader and in UTC', async () => {
  expect(await pageOf('quorum')).toContain('27 November 2026, 12:00 (Europe/Berlin), 11:00 UTC')
})

test('says that a policy has keys twice, and shows its text instead of words', async () => {
  const page = await pageOf('policy-twice')

  expect(page).toMatch(/says something twice in one place: <code>Effect<\/code>, <code>Action<\/code>/)
  expect(page).toContain('&quot;Effect&quot;:&quot;Deny&quot;')
  expect(page).not.toContain('every action')
})

test('shows the same to the public function, which knows no addresses', async () => {
  const withAll = await pageOf('quorum')
  const withPublic = await pageOf('quorum', (site) => (site.settings = publicSettings(site.settings)))

  expect(withPublic).toBe(withAll)
})

test('shows which partner group counted, and whose word that is', async () => {
  const page = await pageOf('quorum', ({ story }) => {
    story.judged({ partnerGroups: [{ name: 'network', owner: 'Jane <b>Doe</b>' }] }).asked(['ada'])
  })

  expect(page).toContain('As partner group network, says Jane &lt;b&gt;Doe&lt;/b&gt;')
})

test('shows what an accept gave us, cleaned, and what is not as it was decided on', async () => {
  const resources = [{ arn: 'arn:aws:ec2:x:y:subnet/<i>\u202e', type: 'ec2:Subnet', regionScope: null }]
  const page = await pageOf('closed', ({ story }) => {
    story.add({ type: 'reopened', data: { why: 'again', alarm: false }, run: 2 })
    story.add({ type: 'received', data: { visible: true, seen: { resources }, changed: ['resources'] }, run: 2 })
    story.add({ type: 'closed', data: { outcome: 'ACCEPTED', finding: 'accepted' }, run: 2 })
  })

  expect(page).toContain('What AWS shows of it now')
  expect(page).toContain('Not as it was decided on: Resources')
  expect(page).toContain('subnet/&lt;i&gt;[U+202E]')
})

test('an accept that is held can be taken back, and says until when', async () => {
  const page = await pageOf('held')

  expect(page).toContain('Accepted, and held: it can be taken back')
  expect(page).toContain('20 November 2026, 15:30 UTC')
  expect(page).toContain('Take the accept back')
})

test('where no role of ours may release it any more, the page says who can, and promises no access', async () => {
  const page = await pageOf('stranded')

  expect(page).toContain('a person has to release it or take it back')
  expect(page).toContain('/iam/account-access-requests/review/')
  expect(page).toContain('Take the accept back')
  expect(page).not.toContain('gets its access')
})

test('after it was taken back the page says what happens, not what the votes before come to', async () => {
  const site = held('hold')
  site.reply = () => {
    site.story.add({ type: 'revoked', data: { approver: 'ada', comment: 'no', assurance: 'link holder' } })
    return { result: 'voted', choice: 'reject' }
  }
  const page = await (await site.post({ ...goodVote, choice: 'reject', comment: 'no' })).text()

  expect(page).toContain('The accept is taken back: Gatehouse rejects the request at AWS.')
  expect(page).not.toContain('There are enough votes')
})
