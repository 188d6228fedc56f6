import { markup, type Markup } from '../../contract/markup.ts'
import { renderPage } from '../layout.ts'

function renderNotice(title: string, lines: readonly (string | Markup)[]): Markup {
  return renderPage({ title, body: markup`<h1>${title}</h1>${lines.map((line) => markup`<p>${line}</p>`)}` })
}

/** Shown for a blink, and where a browser does not go on by itself. */
export function renderGoingOn(url: string): Markup {
  return renderNotice('Sign in', [
    markup`You sign in at <span class="id">${new URL(url).host}</span>, and come back here.`,
    markup`<a href="${url}" rel="noreferrer">Go on to sign in</a>`,
  ])
}

export const startAgainPage = renderNotice('Please begin again', [
  'This sign-in was not begun in this browser, or it took too long, or it is done already.',
  'Open the link in your message and sign in from there. Nothing was recorded and nothing is lost.',
])

export const providerDownPage = renderNotice('Signing in does not work just now', [
  'The sign-in provider does not answer as it should. Please reload this page in a minute, or open the link in your message again.',
  'Nothing was recorded and nothing is lost: your link stays as it is.',
])

export function renderNotSignedIn(path: string): Markup {
  return renderNotice('You are not signed in', [
    'The sign-in provider did not sign you in. Nothing was recorded.',
    markup`<a href="${path}">Back to the page</a>`,
  ])
}

export interface WrongAccount {
  /** What the provider said, as it is. */
  email: string
  verified: boolean
  /** Whose link it is; the address stays unsaid. */
  approver: string
  token: string
  /** Of the link's page. */
  path: string
}

export function renderWrongAccount({ email, verified, approver, token, path }: WrongAccount): Markup {
  const title = 'This account cannot vote here'
  const problem = verified
    ? markup`This link was sent to <strong>${approver}</strong>, at another address.`
    : markup`The sign-in provider does not confirm that this address is yours.`
  return renderPage({
    title,
    body: markup`<h1>${title}</h1>
<p>You signed in as <strong>${isPlain(email) ? email : 'somebody whose address has unusual characters'}</strong>. ${problem}</p>
<p>Sign in with the account of the address that got the message. Nothing was recorded, and the
<a href="${path}">page</a> stays as it is.</p>
<form method="post" action="/sign-in/${token}">
<input type="hidden" name="again" value="yes">
<button type="submit">Sign in with another account</button>
</form>`,
  })
}

/** Visible ASCII: letters that look like others, or fold to others, make no address of ours. */
export function isPlain(email: string): boolean {
  return /^[\x21-\x7e]+$/.test(email)
}
