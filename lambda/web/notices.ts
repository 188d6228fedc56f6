import { markup, type Markup } from '../contract/markup.ts'
import { renderPage } from './layout.ts'

/** A calm page with nothing on it but what happened. */
function renderNotice(title: string, lines: readonly (string | Markup)[]): Markup {
  return renderPage({ title, body: markup`<h1>${title}</h1>${lines.map((line) => markup`<p>${line}</p>`)}` })
}

/** Says nothing about whether there ever was such a link. */
export const unknownLinkPage = renderNotice('This link leads nowhere', [
  'Links in messages are long and easily cut off. Please copy the whole of it and try again.',
  'Nothing was recorded.',
])

export const foreignOriginPage = renderNotice('Nothing was recorded', [
  'This decision did not come from the page it belongs to. Please open the link in your message and decide there.',
])

export const badFormPage = renderNotice('Nothing was recorded', [
  'The form did not arrive whole. Please open the link in your message and try again.',
])

export const methodPage = renderNotice('Nothing happened', ['This address only shows a page and takes its form.'])

export const unreadablePage = renderNotice('Please try again in a minute', [
  'The page could not be read just now. Nothing was recorded and nothing is lost.',
])

/** The call may have failed after the vote was written, so this does not say that it was not. */
export const unconfirmedPage = renderNotice('Please send your decision again', [
  'Gatehouse could not confirm that it recorded your decision. Please go back and send it once more in a minute.',
  'The same decision sent twice counts once. Your link shows which vote stands.',
])

/** Whoever types wrong characters again and again is no person who reads the page. */
export const tooManyTriesPage = renderNotice('This link is locked', [
  'The four characters were wrong too often, so this link takes no more votes.',
  'Nothing was recorded by the last try, and votes from before stand. A reminder brings a new link; or ask the other approvers to decide.',
])
