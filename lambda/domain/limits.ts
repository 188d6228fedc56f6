import type { OfferState } from './state.ts'

/** Policy accepts no more after this many changes of facts since the last opening... */
export const changesBeforePeople = 3
/** ...and people are asked at most this many times more; then the deadline default stands. */
export const asksAfterChanges = 3

/** So often may wrong characters be typed with one link; then it votes no more. */
export const mostWrongTries = 10

export function changedTooOften(state: OfferState): boolean {
  return state.changes >= changesBeforePeople
}

export function askedEnough(state: OfferState): boolean {
  return state.changes >= changesBeforePeople + asksAfterChanges
}
