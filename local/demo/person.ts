import type { ControlClient, ShownMail } from '../control-client.ts'

export interface Answer {
  choice: 'accept' | 'reject'
  comment: string
  /** What the page asks for to see that a person reads it. */
  digits: string
}

/** The personal link that an approver was mailed for an offer. */
export function linkFor(mails: readonly ShownMail[], about: { offerId: string; approver: string }): string {
  const isTheirs = ({ to, text }: ShownMail): boolean =>
    to.some((address) => address.startsWith(`${about.approver}@`)) && text.includes(about.offerId)
  const link = mails.filter(isTheirs).flatMap(({ links }) => links.filter((each) => each.includes('/a/')))[0]
  if (link === undefined) throw new Error(`expected a mail to ${about.approver} about \`${about.offerId}\`, got none`)
  return link
}

/** Opens the page behind a link as a browser would, fills in the form and sends it. */
export async function answerPage(link: string, answer: Answer, cookie?: string): Promise<void> {
  const cookies: Record<string, string> = cookie === undefined ? {} : { cookie }
  const page = await fetch(link, { headers: cookies })
  const html = await page.text()
  if (!page.ok || !html.includes('<form')) throw new Error(`expected the approval page, got ${page.status}`)
  const origin = new URL(link).origin
  const sent = await fetch(link, {
    method: 'POST',
    headers: { ...cookies, origin, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ ...hiddenFields(html), ...answer }),
  })
  if (!sent.ok) throw new Error(`expected the vote to be taken, got ${sent.status}`)
}

/** Presses the button in the direct message about an offer, fills in the form that opens and sends it. */
export async function answerInSlack(
  control: ControlClient,
  { offerId, user }: { offerId: string; user: string },
  { choice, comment, digits }: Answer,
): Promise<void> {
  const messages = await control.slackMessages()
  const message = messages.find((one) => one.user === user && JSON.stringify(one.blocks).includes(offerId))
  if (message === undefined) throw new Error(`expected a message to ${user} about \`${offerId}\`, got none`)
  const { view } = await control.pressInSlack({ message: message.id, action: `gatehouse:${choice}`, user })
  if (view === null) throw new Error('expected a form to open, got none')
  const { errors, view: after } = await control.submitInSlack({ view: view.id, values: { comment, digits } })
  const isTaken = Object.keys(errors).length === 0 && JSON.stringify(after?.view.blocks).includes('vote is recorded')
  if (!isTaken) throw new Error(`expected the vote to be taken, got ${JSON.stringify(errors)}`)
}

function hiddenFields(html: string): Record<string, string> {
  const found = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]))
}
