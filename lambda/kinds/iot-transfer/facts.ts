import type { Facts } from '../../domain/facts.ts'
import type { JsonObject } from '../../domain/json.ts'
import { shownOf } from '../answer.ts'
import { certificateOf } from '../certificate.ts'
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
      ...offeredOf(description),
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

function offeredOf(description: Description): JsonObject {
  return {
    certificateId: description.certificateId,
    certificateMode: description.certificateMode,
    message: description.transferData?.transferMessage ?? null,
    ...certificateOf(description),
  }
}

/** What an accepted certificate still shows. Its sender may come to light only then: no change of what was decided on. */
export function seenOf(description: Description): JsonObject {
  return shownOf(offeredOf(description))
}
