import type { Behaviour } from '../behaviour.ts'
import { certificateArn, isOfferedTo, type Certificate, type Transfer } from './certificates.ts'

/** Registered without a CA: such certificates are chosen by the name the device asks for (SNI). */
const certificateMode = 'SNI_ONLY'

export function summarize(certificate: Certificate, account: string): Record<string, unknown> {
  return {
    certificateArn: certificateArn(certificate, account),
    certificateId: certificate.certificateId,
    status: certificate.status,
    certificateMode,
    creationDate: certificate.createdMs,
  }
}

/** With the destination's account in the ARN, as AWS's own examples have it. */
export function summarizeOutgoing(certificate: Certificate): Record<string, unknown> {
  const { certificateId, createdMs, transfer } = certificate
  return {
    certificateArn: certificateArn(certificate, transfer?.to ?? certificate.owner),
    certificateId,
    transferredTo: transfer?.to,
    transferDate: transfer?.startedMs,
    transferMessage: transfer?.message,
    creationDate: createdMs,
  }
}

/**
 * As `account` sees it. What a destination sees of the owner while a transfer is pending is not documented: here it is
 * its own account, with the sender as the previous one.
 */
export function describe(
  certificate: Certificate,
  account: string,
  { hideSender }: Behaviour['iot'],
): Record<string, unknown> {
  const offered = isOfferedTo(certificate, account)
  const sender = hideSender ? undefined : certificate.owner
  return {
    ...summarize(certificate, account),
    certificatePem: certificate.pem,
    ownedBy: account,
    previousOwnedBy: offered ? sender : certificate.previousOwner,
    lastModifiedDate: certificate.modifiedMs,
    customerVersion: certificate.version,
    generationId: certificate.generationId,
    validity: { notBefore: certificate.notBeforeMs, notAfter: certificate.notAfterMs },
    transferData: transferData(certificate.transfer),
  }
}

/** Nothing is left of a cancelled transfer. */
function transferData(transfer: Transfer | undefined): Record<string, unknown> | undefined {
  if (transfer === undefined || transfer.ended?.how === 'cancelled') return undefined
  const { startedMs, message, ended } = transfer
  return {
    transferMessage: message,
    transferDate: startedMs,
    acceptDate: ended?.how === 'accepted' ? ended.atMs : undefined,
    rejectDate: ended?.how === 'rejected' ? ended.atMs : undefined,
    rejectReason: ended?.reason,
  }
}
