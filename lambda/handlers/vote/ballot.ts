import type { Approver } from '../../contract/settings.ts'
import type { LinkVote } from '../../contract/states.ts'

/** What a voter fills in, whatever channel it comes by; all of it is still unchecked. */
export type BallotFields = Pick<LinkVote, 'choice' | 'comment' | 'factsHash' | 'round' | 'digits' | 'active'>

/** A vote of somebody whose channel has said who they are. */
export interface Ballot {
  offerId: string
  approver: Approver['id']
  fields: BallotFields
  assurance: 'link holder' | 'authenticated' | 'slack'
  /** Where what was used to vote ends before the deadline does. */
  expiresAtMs?: number
  /** SHA-256 of what may be used only once. */
  proof?: string
  /** When the voter sent it, as far as the channel proves that: whole seconds. */
  signedAtMs?: number
}
