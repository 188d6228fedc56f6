// The kinds of offers that are answered: a line each.
export { iamDelegationSpec } from './iam-delegation/spec.ts'
export { iotOutgoingSpec } from './iot-outgoing/spec.ts'
export { iotSendSpec } from './iot-send/spec.ts'
export { iotTransferSpec } from './iot-transfer/spec.ts'
export { ramInvitationSpec } from './ram-invitation/spec.ts'
