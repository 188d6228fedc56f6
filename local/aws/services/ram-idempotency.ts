import { randomUUID } from 'node:crypto'
import { AwsError, type Call } from '../service.ts'
import type { RamShares } from './ram-shares.ts'

/**
 * The same token with the same parameters repeats the first answer, with others it is an error; without a token the
 * service makes one, so that a retry is a second request. Only answers are remembered, errors are not.
 */
export function once<Input extends { clientToken?: string | undefined }>(
  shares: RamShares,
  { operation, call }: { operation: string; call: Call<Input> },
  answer: () => Record<string, unknown>,
): unknown {
  const { clientToken, ...parameters } = call.input
  if (clientToken === undefined) return { ...answer(), clientToken: randomUUID() }
  if (!/^[!-~]{1,64}$/.test(clientToken)) {
    throw new AwsError('InvalidClientTokenException', 'The client token is not valid.')
  }
  const key = `${call.caller.account} ${call.region} ${clientToken}`
  const request = JSON.stringify([operation, parameters])
  const known = shares.remembered(key)
  if (known === undefined) {
    const made = { ...answer(), clientToken }
    shares.remember(key, { request, answer: made })
    return made
  }
  if (known.request === request) return known.answer
  throw new AwsError('IdempotentParameterMismatchException', 'The client token was used with other parameters.')
}
