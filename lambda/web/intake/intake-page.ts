import { markup, type Markup } from '../../contract/markup.ts'
import { renderPage } from '../layout.ts'
import { renderSignInForm, type SignInPrompt } from '../sign-in/prompt.ts'

export interface IntakeTyped {
  account: string
  awsId: string
}

export interface IntakePage {
  problem?: string
  typed?: IntakeTyped
  /** For who has to sign in first: in place of the form. */
  signIn?: Pick<SignInPrompt, 'token' | 'issuer'> | undefined
}

/** The page on which a person tells of a delegation request that nobody owns, which AWS lists nowhere. */
export function renderIntakePage({ problem, typed, signIn }: IntakePage = {}): Markup {
  const title = 'Tell of a delegation request'
  return renderPage({
    title: problem === undefined ? title : `Error: ${title}`,
    body: markup`<h1>${title}</h1>
${problem === undefined ? null : markup`<div class="summary" role="alert"><h2>Nothing was recorded</h2><p>${problem}</p></div>`}
<p>A request that nobody of ours owns yet is in no list at AWS. Copy its id from the address that the partner gave you: Gatehouse then reads it at AWS and opens a case. This accepts nothing.</p>
${signIn === undefined ? renderForm(typed) : renderSignInForm(signIn, 'tell of one')}`,
  })
}

function renderForm(typed: IntakeTyped | undefined): Markup {
  const field = (name: string, label: string, value: string): Markup => markup`<div class="group">
<label class="field" for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" value="${value}" maxlength="128" autocomplete="off" autocapitalize="none" spellcheck="false">
</div>`
  return markup`<form method="post" novalidate autocomplete="off">
${field('account', 'Our account, 12 digits', typed?.account ?? '')}
${field('awsId', 'Id of the request', typed?.awsId ?? '')}
${field('digits', 'Its last four characters once more', '')}
<button type="submit">Look at it</button>
</form>`
}

export const takenInPage = renderPage({
  title: 'Gatehouse looks at it',
  body: markup`<h1>Gatehouse looks at it</h1>
<p>If AWS has such a request for our account, a case is open within a minute, and those who decide are asked.</p>
<p>If nothing happens, the id or the account was another one, the request is over, or AWS shows it to another account only. Nobody has to do anything then.</p>`,
})
