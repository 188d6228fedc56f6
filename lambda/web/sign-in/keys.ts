import { hkdfSync } from 'node:crypto'

export interface SignInKeys {
  /** Signs sessions; `vote` checks with it. */
  session: Uint8Array
  /** Encrypts what a browser keeps while its person is at the provider. */
  pending: Uint8Array
}

/** One secret, two keys that tell nothing of each other. */
export function signInKeysOf(secret: string): SignInKeys {
  return { session: derive(secret, 'session'), pending: derive(secret, 'pending') }
}

function derive(secret: string, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `gatehouse sign-in ${use}`, 32))
}
