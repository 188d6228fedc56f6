import type { LinkVote, VoteReply } from '../contract/states.ts'

/** What a voter typed, as it came. */
export type VoteForm = Omit<LinkVote, 'by' | 'token' | 'session'>
export type Refusal = Omit<Extract<VoteReply, { result: 'refused' }>, 'result'>

export const longestComment = 2000

/** Undefined for what our own form never sends: a field twice, a hash or a round that is none. */
export function parseVoteForm(body: string): VoteForm | undefined {
  const fields = new URLSearchParams(body)
  const form = { choice: '', comment: '', factsHash: '', round: '', digits: '', active: '' }
  for (const name of ['choice', 'comment', 'factsHash', 'round', 'digits', 'active'] as const) {
    const values = fields.getAll(name)
    if (values.length > 1) return undefined
    form[name] = (values[0] ?? '').replaceAll('\r\n', '\n').trim()
  }
  if (!/^[0-9a-f]{64}$/.test(form.factsHash) || !/^[1-9]\d{0,7}$/.test(form.round)) return undefined
  const { active, ...rest } = form
  return active === 'yes' ? { ...rest, active } : rest
}

/** Stops what can never be a vote before `vote` is called: above all a form that was posted with its defaults. */
export function refusalsOf({ choice, comment, digits }: VoteForm): Refusal[] {
  const refusals: Refusal[] = []
  if (choice !== 'accept' && choice !== 'reject') {
    refusals.push({ field: 'choice', problem: 'Choose one of the two.' })
  }
  if (choice === 'reject' && comment === '') {
    refusals.push({ field: 'comment', problem: 'Write why: a reject needs a comment.' })
  }
  if (comment.length > longestComment) {
    refusals.push({ field: 'comment', problem: `Shorten the comment to ${longestComment} characters.` })
  }
  if (digits.length !== 4) refusals.push({ field: 'digits', problem: 'Type the four characters.' })
  return refusals
}
