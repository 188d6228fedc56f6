import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import * as z from 'zod'

const pendingSchema = z.object({
  /** Of the personal link, to come back to. */
  token: z.string(),
  state: z.string(),
  nonce: z.string(),
  /** PKCE. */
  verifier: z.string(),
})
/** What has to be known again when somebody comes back from the provider. */
export type Pending = z.infer<typeof pendingSchema>

interface At {
  key: Uint8Array
  now: Date
}

/** How long somebody may take at the provider. */
export const pendingSeconds = 10 * 60

const header = { alg: 'dir', enc: 'A256GCM', typ: 'gatehouse-pending+jwt' }

/** For the browser to keep; it holds the link's token, so it is encrypted. */
export async function sealPending(pending: Pending, { key, now }: At): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000)
  return await new EncryptJWT({ ...pending })
    .setProtectedHeader(header)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + pendingSeconds)
    .encrypt(key)
}

/** Undefined for one that is forged or over. */
export async function openPending(sealed: string, { key, now }: At): Promise<Pending | undefined> {
  try {
    const { payload } = await jwtDecrypt(sealed, key, {
      keyManagementAlgorithms: [header.alg],
      contentEncryptionAlgorithms: [header.enc],
      typ: header.typ,
      currentDate: now,
      requiredClaims: ['exp'],
    })
    return pendingSchema.safeParse(payload).data
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
