import { hkdfSync } from 'node:crypto'
import { UnexpectedAnswer } from '../../contract/errors.ts'

export interface SignInKeys {
  /** Signs sessions; `vote` checks with it. */
  session: Uint8Array
  /** Encrypts what a browser keeps while its person is at the provider. */
  pending: Uint8Array
}

/** Whoever guesses the secret signs in as everybody; AWS makes one of 64 characters. */
const shortestSecret = 32

/** One secret, two keys that tell nothing of each other. Throws at one that was replaced by something short. */
export function signInKeysOf(secret: string): SignInKeys {
  if (secret.length < shortestSecret)
    throw new UnexpectedAnswer(`expected a secret of sessions of ${shortestSecret} characters or more`)
  return { session: derive(secret, 'session'), pending: derive(secret, 'pending') }
}

function derive(secret: string, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `gatehouse sign-in ${use}`, 32))
}
