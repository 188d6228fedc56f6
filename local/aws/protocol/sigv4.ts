import type { IncomingHttpHeaders } from 'node:http'

/** Who signed, and for what: the signature itself is not verified here. */
export interface CredentialScope {
  accessKeyId: string
  region: string
  service: string
  sessionToken?: string
}

const header = /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/,\s]*)\/([^/,\s]+)\/aws4_request\s*(?:,|$)/

/** Undefined when unsigned, `incomplete` when it claims to be signed and is not readable. */
export function readCredentialScope(headers: IncomingHttpHeaders): CredentialScope | 'incomplete' | undefined {
  const { authorization } = headers
  if (authorization === undefined) return undefined
  const match = header.exec(authorization)
  if (match === null) return authorization.startsWith('AWS4-') ? 'incomplete' : undefined
  const [, accessKeyId = '', region = '', service = ''] = match
  const token = headers['x-amz-security-token']
  return { accessKeyId, region, service, ...(typeof token === 'string' ? { sessionToken: token } : {}) }
}
