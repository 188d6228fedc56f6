import type { OfferKind } from '../domain/offer.ts'
import { iamDelegationSpec } from './iam-delegation/spec.ts'
import { iotOutgoingSpec } from './iot-outgoing/spec.ts'
import { iotSendSpec } from './iot-send/spec.ts'
import { iotTransferSpec } from './iot-transfer/spec.ts'
import type { KindSpec } from './kind.ts'
import { ramInvitationSpec } from './ram-invitation/spec.ts'

/** Every kind's plain data, for synth and for reading events. No AWS SDK behind it. */
export const kindSpecs: Record<OfferKind, KindSpec> = {
  'ram-invitation': ramInvitationSpec,
  'iot-transfer': iotTransferSpec,
  'iot-outgoing': iotOutgoingSpec,
  'iot-send': iotSendSpec,
  'iam-delegation': iamDelegationSpec,
}
