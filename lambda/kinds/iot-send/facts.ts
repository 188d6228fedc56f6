import type { Facts } from '../../domain/facts.ts'
import type { TransferRequest } from '../../domain/transfer-request.ts'
import { certificateOf } from '../certificate.ts'
import type { Description } from '../iot-calls.ts'
import type { Party } from '../party.ts'

export interface Certificate {
  description: Description
  /** Names of the policies that are attached to it, sorted. */
  policies: readonly string[]
}

export function factsOf(request: TransferRequest, { description, policies }: Certificate, party: Party): Facts {
  return {
    decisive: {
      ...party.decisive,
      certificateId: request.certificateId,
      message: request.message,
      requestedBy: request.requestedBy,
      status: description.status,
      attachedPolicies: [...policies],
    },
    context: {
      ...party.context,
      certificateArn: description.certificateArn,
      creationDate: description.creationDate,
      ...certificateOf(description),
      requestedAt: request.requestedAt,
    },
    unknown: party.unknown,
    counterparty: party.counterparty,
    offeredAt: new Date(request.requestedAt).toISOString(),
    expiresAt: null,
    initiator: request.requestedBy,
  }
}

/** Why AWS would not begin a transfer of it, in words for whoever asks; undefined where it would. */
export function obstacleOf({ description, policies }: Certificate): string | undefined {
  if (description.status === 'PENDING_TRANSFER')
    return 'it is on its way to another account, or offered to ours, already'
  if (description.status === 'ACTIVE')
    return 'it is ACTIVE, and AWS transfers none that is: deactivate it first (aws iot update-certificate --new-status INACTIVE)'
  if (policies.length > 0)
    return `policies are attached to it (${policies.slice(0, 5).join(', ')}), and AWS transfers none with policies: detach them first`
  return undefined
}
