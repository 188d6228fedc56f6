import type { Settings } from '../contract/settings.ts'
import type { FactChange } from '../domain/fact-changes.ts'
import type { Facts } from '../domain/facts.ts'
import type { Progress } from '../domain/progress.ts'
import type { OfferState } from '../domain/state.ts'
import type { Refusal, VoteForm } from './form.ts'
import type { SignInPrompt } from './sign-in/prompt.ts'
import type { Standing } from './standing.ts'
import type { Reading } from './time-view.ts'

/** What the page behind a personal link shows. */
export interface OfferView {
  state: OfferState
  /** None while the offer was not read yet. */
  facts: Facts | undefined
  standing: Standing
  progress: Progress | undefined
  approver: string
  deadlineDefault: Settings['deadlineDefault']
  reading: Reading
  /** Against what this person was asked about before, or saw before a post. */
  changes: readonly FactChange[]
  /** Shown in place of the form to who has to sign in first. */
  signIn?: SignInPrompt | undefined
  /** What came of a post, when the page answers one. */
  posted?: Posted | undefined
}

export interface Posted {
  notice?: string
  typed?: VoteForm
  refusals?: readonly Refusal[]
}
