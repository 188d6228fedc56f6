import type { Choice } from '../domain/event.ts'
import type { Inspection } from '../domain/facts.ts'
import { ServiceUnavailable, UnexpectedAnswer } from '../contract/errors.ts'
import type { Settled } from './kind.ts'
import type { Answer } from './reactions.ts'

/** What a settling call came to, by where the offer stands after AWS refused it. */
export function settledBy(state: Inspection['state'], action: Choice, detail: string): Settled {
  switch (state) {
    case 'accepted':
      return { result: action === 'accept' ? 'already-settled' : 'lost', detail }
    case 'rejected':
      return { result: action === 'reject' ? 'already-settled' : 'lost', detail }
    case 'expired':
    case 'gone':
      return { result: 'gone', detail }
    case 'under-way':
    case 'pending':
      throw new ServiceUnavailable(`expected an answered offer after ${detail}, but it still reads as pending`)
  }
}

/** The end of a settling call: its own answer, or what the table or a fresh look makes of its error. */
export async function settle<T>(request: {
  action: Choice
  answer: Answer<T>
  confirm: (answer: T) => string
  look: () => Promise<Inspection>
}): Promise<Settled> {
  const { answer } = request
  if (answer.ok) return { result: 'settled', detail: request.confirm(answer.answer) }
  if ('settle' in answer.reaction) return { result: answer.reaction.settle, detail: answer.detail }
  if ('look' in answer.reaction) {
    const { state } = await request.look()
    return settledBy(state, request.action, `${answer.detail} (the offer now reads ${state})`)
  }
  throw new UnexpectedAnswer(answer.detail)
}
