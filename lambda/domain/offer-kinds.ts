/** The kinds of offers that are answered: docs/adding-a-kind.md says what else a new one takes. */
export const offerKinds = ['ram-invitation', 'iot-transfer', 'iot-outgoing', 'iot-send', 'iam-delegation'] as const
