import type { Outcome } from './outcomes.ts'

/** How people are spoken to about offers of a kind. What is left out is said as for every kind. */
export interface KindWords {
  /** `Resource share invitation` */
  name: string
  accept: ChoiceWords
  reject: ChoiceWords & {
    /** What follows when nobody decides in time: `it is rejected`. */
    byDefault?: string
  }
  /** Of an accept, where a role of ours gives it in the place of a person. */
  byRole?: Pick<ChoiceWords, 'means' | 'follows'>
  /** Heads what the other side wrote: `Written by the other side`. */
  theirs?: string
  /** Heads the facts that are a request: `What they offer`. */
  request?: string
  outcomes?: Readonly<Partial<Record<Outcome, OutcomeWords>>>
}

export interface ChoiceWords {
  /** On buttons: `Accept`. */
  label?: string
  /** What it leads to, for somebody who does not know the service. */
  means: string
  /** After a vote, before the workflow has counted it: `Gatehouse now ...`. */
  follows?: string
}

export interface OutcomeWords {
  /** `Cancelled` */
  title?: string
  explanation?: string
}
