import { errors, jwtVerify, SignJWT } from 'jose'

/** Who signed in, and for which link only. */
export interface SessionClaims {
  approver: string
  /** SHA-256 of the link's token. */
  linkHash: string
}

interface At {
  key: Uint8Array
  now: Date
}

/** How long somebody stays signed in for one link. */
export const sessionSeconds = 15 * 60

const header = { alg: 'HS256', typ: 'gatehouse-session+jwt' }

/** What a browser shows to prove that its person has signed in as the approver of a link. */
export async function mintSession({ approver, linkHash }: SessionClaims, { key, now }: At): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000)
  return await new SignJWT({ lnk: linkHash })
    .setProtectedHeader(header)
    .setSubject(approver)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + sessionSeconds)
    .sign(key)
}

/** False for one that is forged, over, or of another link or person. */
export async function isSessionOf(
  session: string,
  { approver, linkHash }: SessionClaims,
  { key, now }: At,
): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(session, key, {
      algorithms: [header.alg],
      typ: header.typ,
      subject: approver,
      currentDate: now,
      maxTokenAge: sessionSeconds,
      requiredClaims: ['sub', 'lnk', 'iat', 'exp'],
    })
    return payload.lnk === linkHash
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}
