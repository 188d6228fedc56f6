import { X509Certificate } from 'node:crypto'
import type { Facts } from '../../domain/facts.ts'
import type { JsonObject } from '../../domain/json.ts'
import { shownOf } from '../answer.ts'
import type { Description } from '../iot-calls.ts'
import type { Party } from '../party.ts'

/**
 * Who offers the certificate. While it is pending AWS may name us as its owner already, or nobody. Where owner and
 * previous owner are two others, one of them only had it earlier: then the sender is unknown.
 */
export function senderOf(description: Description, account: string): string | null {
  const { ownedBy, previousOwnedBy } = description
  if (previousOwnedBy === null || previousOwnedBy === account) return null
  const ownerIsAnother = ownedBy !== null && ownedBy !== account && ownedBy !== previousOwnedBy
  return ownerIsAnother ? null : previousOwnedBy
}

export function factsOf(description: Description, party: Party): Facts {
  const transferDate = description.transferData?.transferDate ?? null
  return {
    decisive: {
      ...party.decisive,
      ...certificateOf(description),
    },
    context: {
      ...party.context,
      certificateArn: description.certificateArn,
      status: description.status,
      ownedBy: description.ownedBy,
      previousOwnedBy: description.previousOwnedBy,
      creationDate: description.creationDate,
      transferDate,
    },
    unknown: party.unknown,
    counterparty: party.counterparty,
    offeredAt: transferDate === null ? null : new Date(transferDate).toISOString(),
    expiresAt: null,
  }
}

function certificateOf(description: Description): JsonObject {
  return {
    certificateId: description.certificateId,
    certificateMode: description.certificateMode,
    caCertificateId: description.caCertificateId,
    notBefore: description.validity?.notBefore ?? null,
    notAfter: description.validity?.notAfter ?? null,
    message: description.transferData?.transferMessage ?? null,
    ...namesOf(description.certificatePem),
  }
}

/** What an accepted certificate still shows. Its sender may come to light only then: no change of what was decided on. */
export function seenOf(description: Description): JsonObject {
  return shownOf(certificateOf(description))
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
