import type { Kind, KindContext } from './kind.ts'

/** Loads only the kind that is asked for: a split bundle then reads one SDK client, not three. */
export async function openKind(context: KindContext): Promise<Kind> {
  switch (context.target.kind) {
    case 'ram-invitation': {
      const { openRamInvitation } = await import('./ram-invitation/ram-invitation.ts')
      return openRamInvitation(context)
    }
    case 'iot-transfer': {
      const { openIotTransfer } = await import('./iot-transfer/iot-transfer.ts')
      return openIotTransfer(context)
    }
    case 'iot-outgoing': {
      const { openIotOutgoing } = await import('./iot-outgoing/iot-outgoing.ts')
      return openIotOutgoing(context)
    }
    case 'iot-send': {
      const { openIotSend } = await import('./iot-send/iot-send.ts')
      return openIotSend(context)
    }
    case 'iam-delegation': {
      const { openIamDelegation } = await import('./iam-delegation/iam-delegation.ts')
      return openIamDelegation(context)
    }
  }
}
