import { X509Certificate } from 'node:crypto'
import type { JsonObject } from '../domain/json.ts'
import type { Description } from './iot-calls.ts'

/** What a certificate says of itself, and who signed it. */
export function certificateOf({ caCertificateId, validity, certificatePem }: Description): JsonObject {
  return {
    caCertificateId,
    notBefore: validity?.notBefore ?? null,
    notAfter: validity?.notAfter ?? null,
    ...namesOf(certificatePem),
  }
}

interface Names {
  subject: string | null
  issuer: string | null
}

/** A worker reads the same certificate before and after its call; parsing it costs more than the answer around it. */
let last: { pem: string; names: Names } | undefined

function namesOf(pem: string | null): Names {
  if (pem === null) return { subject: null, issuer: null }
  if (last?.pem !== pem) last = { pem, names: parseNames(pem) }
  return last.names
}

function parseNames(pem: string): Names {
  try {
    const certificate = new X509Certificate(pem)
    return { subject: onOneLine(certificate.subject), issuer: onOneLine(certificate.issuer) }
  } catch {
    // Registered by a device or a partner: AWS took it, but this OpenSSL need not read it.
    return { subject: null, issuer: null }
  }
}

/** Node answers `undefined`, against its types, for an empty name. */
function onOneLine(name: string | undefined): string | null {
  return name ? name.split('\n').join(', ') : null
}
