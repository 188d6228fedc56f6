import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { operation } from '../operation.ts'
import { AwsError, type Call, type Operation } from '../service.ts'
import {
  certificateArn,
  isOfferedTo,
  isPending,
  isSeenBy,
  type Certificate,
  type Certificates,
} from './certificates.ts'

const idInput = z.object({ certificateId: z.string() })
const transferInput = idInput.extend({ targetAwsAccount: z.string(), transferMessage: z.string().optional() })
const acceptInput = idInput.extend({ setAsActive: z.boolean().default(false) })
const rejectInput = idInput.extend({ rejectReason: z.string().optional() })

/**
 * Source offers and cancels, destination accepts and rejects. Which error a late call gets is not documented: here 410
 * where this account's side of the transfer is over by an answer, 404 where the certificate is not there for it.
 * https://docs.aws.amazon.com/iot/latest/developerguide/transfer-cert.html
 */
export function transferOperations(certificates: Certificates): Record<string, Operation> {
  return {
    TransferCertificate: operation(transferInput, (call) => start(certificates, call)),
    AcceptCertificateTransfer: operation(acceptInput, (call) => {
      const certificate = offered(certificates, call)
      const { owner } = certificate
      end(certificate, call, { how: 'accepted' })
      certificate.status = call.input.setAsActive ? 'ACTIVE' : 'INACTIVE'
      Object.assign(certificate, { owner: call.caller.account, previousOwner: owner })
    }),
    RejectCertificateTransfer: operation(rejectInput, (call) => {
      end(offered(certificates, call), call, { how: 'rejected', reason: call.input.rejectReason })
    }),
    CancelCertificateTransfer: operation(idInput, (call) => {
      end(outgoing(certificates, call), call, { how: 'cancelled' })
    }),
  }
}

type IdCall = Call<z.infer<typeof idInput>>

function start(certificates: Certificates, call: Call<z.infer<typeof transferInput>>): unknown {
  const { targetAwsAccount: to, transferMessage: message } = call.input
  const from = call.caller.account
  const same = sameId(certificates, call)
  const certificate = same.find((each) => each.owner === from)
  if (certificate === undefined) throw notFound()
  if (to === from) throw new AwsError('InvalidRequestException', 'A certificate cannot be transferred to its owner.')
  if (certificate.status === 'ACTIVE') {
    throw new AwsError('CertificateStateException', 'The certificate must not be active.')
  }
  if (certificate.policies.length > 0)
    throw new AwsError('TransferConflictException', 'Policies are attached to the certificate.')
  // AWS names attached policies only; here a second transfer of what is under way conflicts as well
  if (isPending(certificate) || same.some((each) => isSeenBy(each, to))) {
    throw new AwsError('TransferConflictException', 'The certificate is being transferred, or is there already.')
  }
  touch(certificate, call, 'PENDING_TRANSFER')
  certificate.transfer = { from, to, startedMs: call.nowMs, ...(message === undefined ? {} : { message }) }
  return { transferredCertificateArn: certificateArn(certificate, to) }
}

function offered(certificates: Certificates, call: IdCall): Certificate {
  const account = call.caller.account
  const same = sameId(certificates, call)
  const certificate = same.find((each) => isOfferedTo(each, account))
  if (certificate !== undefined) return certificate
  const answered = same.some(({ transfer }) => transfer?.to === account && transfer.ended?.how !== 'cancelled')
  throw answered ? completed() : notFound()
}

function outgoing(certificates: Certificates, call: IdCall): Certificate {
  const account = call.caller.account
  const same = sameId(certificates, call)
  const sent = same.filter(({ transfer }) => transfer?.from === account)
  const pending = sent.find(isPending)
  if (pending !== undefined) return pending
  if (sent.length > 0) throw completed()
  if (same.every((each) => each.owner !== account)) throw notFound()
  throw new AwsError('InvalidRequestException', 'The certificate is not being transferred.')
}

function end(
  certificate: Certificate,
  call: IdCall,
  { how, reason }: { how: 'accepted' | 'rejected' | 'cancelled'; reason?: string | undefined },
): void {
  touch(certificate, call, 'INACTIVE')
  const ended = { how, atMs: call.nowMs, ...(reason === undefined ? {} : { reason }) }
  if (certificate.transfer !== undefined) certificate.transfer = { ...certificate.transfer, ended }
}

function touch(certificate: Certificate, { nowMs }: IdCall, status: string): void {
  Object.assign(certificate, {
    status,
    modifiedMs: nowMs,
    version: certificate.version + 1,
    generationId: randomUUID(),
  })
}

function sameId(certificates: Certificates, { input, region }: IdCall): readonly Certificate[] {
  return certificates.withId(region, input.certificateId)
}

function notFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The certificate does not exist.')
}

function completed(): AwsError {
  return new AwsError('TransferAlreadyCompletedException', 'The transfer has been completed already.')
}
