import * as z from 'zod'
import { iotRights } from '../../iam/operations/offers.ts'
import type { Behaviour } from '../behaviour.ts'
import { operation } from '../operation.ts'
import { readCursor, takePage } from '../paging.ts'
import { AwsError, type Call, type RaiseEvent, type Service } from '../service.ts'
import { withTrail } from '../trail.ts'
import { certificateArn, Certificates, certificateSchema, isPending, isSeenBy, readPem } from './certificates.ts'
import type { Certificate } from './certificates.ts'
import { describe, summarize, summarizeOutgoing } from './certificate-views.ts'
import { transferOperations } from './certificate-transfers.ts'

const idInput = z.object({ certificateId: z.string() })
const registerInput = z.object({ certificatePem: z.string(), status: z.string().default('INACTIVE') })
const updateInput = idInput.extend({ newStatus: z.string() })
const attachedInput = z.object({ target: z.string() })
const attachInput = attachedInput.extend({ policyName: z.string() })
const listInput = z.object({
  pageSize: z.number().default(25),
  marker: z.string().optional(),
  ascendingOrder: z.boolean().default(false),
})
type ListCall = Call<z.infer<typeof listInput>>

/** What a caller may set; the others are IoT's own. */
const settable = new Set(['ACTIVE', 'INACTIVE', 'REVOKED'])

/** Certificates and their transfers between accounts, which stay within a region. */
export function createIot({ raise, behaviour }: { raise: RaiseEvent; behaviour: Behaviour }): Service {
  const certificates = new Certificates()
  return {
    model: 'iot',
    rights: iotRights,
    operations: {
      ListCertificates: operation(listInput, (call) => listAll(certificates, call)),
      ListOutgoingCertificates: operation(listInput, (call) => listOutgoing(certificates, call)),
      DescribeCertificate: operation(idInput, ({ input, region, caller }) => {
        const certificate = seen(certificates, { region, account: caller.account, ...input })
        return { certificateDescription: describe(certificate, caller.account, behaviour.iot) }
      }),
      ListAttachedPolicies: operation(attachedInput, (call) => {
        const { policies } = targetOf(certificates, call)
        return { policies: policies.map((name) => ({ policyName: name, policyArn: policyArn(name, call) })) }
      }),
      ...withTrail(
        { raise, service: 'iot' },
        {
          RegisterCertificateWithoutCA: operation(registerInput, (call) => register(certificates, call)),
          UpdateCertificate: operation(updateInput, (call) => {
            update(certificates, call)
          }),
          AttachPolicy: operation(attachInput, (call) => {
            const certificate = targetOf(certificates, call)
            certificate.policies = [...new Set([...certificate.policies, call.input.policyName])].sort()
          }),
          DetachPolicy: operation(attachInput, (call) => {
            const certificate = targetOf(certificates, call)
            certificate.policies = certificate.policies.filter((name) => name !== call.input.policyName)
          }),
          ...transferOperations(certificates),
        },
      ),
    },
    snapshot: () => certificates.snapshot(),
    restore: (state) => {
      certificates.restore(z.array(certificateSchema).parse(state))
    },
    reset: () => {
      certificates.restore([])
    },
  }
}

/** A source still sees what it has on its way out, as PENDING_TRANSFER: AWS does not say, and this is the harder case. */
function listAll(certificates: Certificates, call: ListCall): unknown {
  const account = call.caller.account
  const { items, next } = pageOf(certificates.list(call.region, account), call)
  return { certificates: items.map((each) => summarize(each, account)), nextMarker: next }
}

function listOutgoing(certificates: Certificates, call: ListCall): unknown {
  const account = call.caller.account
  const outgoing = certificates.list(call.region, account).filter((each) => each.owner === account && isPending(each))
  const { items, next } = pageOf(outgoing, call)
  return { outgoingCertificates: items.map(summarizeOutgoing), nextMarker: next }
}

function pageOf(oldestFirst: Certificate[], { input }: ListCall): ReturnType<typeof takePage<Certificate>> {
  const cursor = input.marker === undefined ? undefined : readCursor(input.marker)
  if (input.marker !== undefined && cursor === undefined) {
    throw new AwsError('InvalidRequestException', 'The marker is not valid.')
  }
  const sorted = input.ascendingOrder ? oldestFirst : oldestFirst.reverse()
  return takePage(sorted, { cursor, size: input.pageSize, descending: !input.ascendingOrder })
}

function register(
  certificates: Certificates,
  { input, region, caller, nowMs }: Call<z.infer<typeof registerInput>>,
): unknown {
  if (!settable.has(input.status)) {
    throw new AwsError('InvalidRequestException', `A certificate cannot be registered as ${input.status}.`)
  }
  const read = readPem(input.certificatePem)
  const known = certificates.withId(region, read.certificateId).find((each) => each.owner === caller.account)
  if (known !== undefined) {
    const arn = certificateArn(known, caller.account)
    const members = { resourceId: known.certificateId, resourceArn: arn }
    throw new AwsError('ResourceAlreadyExistsException', 'The certificate is already registered.', members)
  }
  const made = { region, pem: input.certificatePem, owner: caller.account, status: input.status }
  const certificate = certificates.add({ ...made, ...read, createdMs: nowMs, modifiedMs: nowMs })
  return { certificateArn: certificateArn(certificate, caller.account), certificateId: certificate.certificateId }
}

function update(certificates: Certificates, { input, region, caller, nowMs }: Call<z.infer<typeof updateInput>>): void {
  if (!settable.has(input.newStatus)) {
    throw new AwsError('InvalidRequestException', `A certificate's status cannot be set to ${input.newStatus}.`)
  }
  const certificate = seen(certificates, { region, account: caller.account, certificateId: input.certificateId })
  if (isPending(certificate)) {
    throw new AwsError('CertificateStateException', 'The certificate is being transferred.')
  }
  Object.assign(certificate, { status: input.newStatus, modifiedMs: nowMs, version: certificate.version + 1 })
}

/** A policy is a name here: what it says is nobody's business, and so is whether there is one of that name. */
function targetOf(certificates: Certificates, { input, region, caller }: Call<{ target: string }>): Certificate {
  const certificateId = /^arn:aws:iot:[^:]+:\d{12}:cert\/([0-9a-f]+)$/.exec(input.target)?.[1]
  if (certificateId === undefined) throw new AwsError('InvalidRequestException', 'The target is no certificate.')
  return seen(certificates, { region, account: caller.account, certificateId })
}

function policyArn(name: string, { region, caller }: Call<unknown>): string {
  return `arn:aws:iot:${region}:${caller.account}:policy/${name}`
}

function seen(
  certificates: Certificates,
  { region, account, certificateId }: { region: string; account: string; certificateId: string },
): Certificate {
  const found = certificates.withId(region, certificateId).find((each) => isSeenBy(each, account))
  if (found === undefined) throw new AwsError('ResourceNotFoundException', 'The certificate does not exist.')
  return found
}
