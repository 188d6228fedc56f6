import { throttleErrors } from '../../contract/errors.ts'
import { logger } from '../serve.ts'

/** Keeps what went wrong with one offer from hiding the others; the message fails at the end and comes again. */
export class Troubles {
  #first: { error: unknown } | undefined

  get any(): boolean {
    return this.#first !== undefined
  }

  async guard(offerId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      // To go on would be throttled as well.
      if (isThrottled(error)) throw error
      logger.error('an offer could not be reconciled', {
        offerId,
        error: error instanceof Error ? error : String(error),
      })
      this.#first ??= { error }
    }
  }

  rethrow(): void {
    if (this.#first !== undefined) throw this.#first.error
  }
}

export function isThrottled(error: unknown): boolean {
  return error instanceof Error && throttleErrors.includes(error.name)
}
