import { markup, type Markup } from '../../contract/markup.ts'

export interface SignInPrompt {
  token: string
  /** Where one signs in. */
  issuer: string
  /** What was typed before signing in turned out to be needed. */
  comment: string
}

/** In place of the form: facts stay visible to whoever has the link, voting is for its approver. */
export function renderSignInPrompt({ comment, ...signIn }: SignInPrompt): Markup {
  return markup`<section aria-labelledby="decide">
<h2 id="decide">Decide</h2>
${comment === '' ? null : renderUnsent(comment)}
${renderSignInForm(signIn, 'vote')}
</section>`
}

/** `to`: what one signs in for. */
export function renderSignInForm({ token, issuer }: Pick<SignInPrompt, 'token' | 'issuer'>, to: string): Markup {
  return markup`<p>To ${to}, show that this link was sent to you. You sign in at <span class="id">${new URL(issuer).host}</span> and come back here.</p>
<form method="post" action="/sign-in/${encodeURIComponent(token)}">
<button type="submit">Sign in to ${to}</button>
</form>`
}

function renderUnsent(comment: string): Markup {
  return markup`<div class="group">
<label class="field" for="unsent">Your comment was not sent. Copy it before you sign in.</label>
<textarea id="unsent" rows="4" readonly>
${comment}</textarea>
</div>`
}
