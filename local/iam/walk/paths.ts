import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  IoTClient,
  RejectCertificateTransferCommand,
} from '@aws-sdk/client-iot'
import { RAMClient, RejectResourceShareInvitationCommand } from '@aws-sdk/client-ram'
import { acceptInAwsConsole, clientConfigOf, withClient } from '../../partner.ts'
import { sampleAccounts } from '../../sample.ts'
import type { SampleOfferId } from '../../sample-offers.ts'
import type { Walker } from './walker.ts'

export type Take = (walker: Walker) => Promise<void>

async function make(walker: Walker, id: SampleOfferId): Promise<void> {
  await walker.make(id)
}

/** So many asks of one account get messages of their own: far fewer than by default, since each offer more costs time. */
export const personalAsks = 5

/** Every way through the app, in the order in which they are taken. */
export const paths: Readonly<Record<string, Take>> = {
  'policy accepts a share': (walker) => make(walker, 'partner-shares-subnets'),
  'policy rejects a share': (walker) => make(walker, 'stranger-shares-resolver-rule'),
  'policy leaves a certificate of ours': (walker) => make(walker, 'we-transfer-certificate-to-partner'),
  'policy cancels a transfer of ours': (walker) => make(walker, 'we-transfer-certificate-to-stranger'),
  'policy rejects a delegation': (walker) => make(walker, 'partner-requests-administrator'),

  'the schedule sweeps, and policy accepts a certificate': async (walker) => {
    await walker.make('partner-transfers-certificate')
    await walker.advance('6h')
  },

  'people accept a share': async (walker) => {
    await walker.answer(await walker.make('stranger-shares-subnet'), 'accept')
  },
  'people reject a share': async (walker) => {
    await walker.answer(await walker.make('stranger-shares-subnet'), 'reject')
  },
  'people accept a certificate': async (walker) => {
    const awsId = await walker.make('stranger-transfers-certificate')
    await walker.sweep()
    await walker.answer(awsId, 'accept')
  },
  'people reject a certificate': async (walker) => {
    const awsId = await walker.make('stranger-transfers-certificate')
    await walker.sweep()
    await walker.answer(awsId, 'reject')
  },
  'people let a certificate of ours go': async (walker) => {
    await walker.answer(await walker.make('we-transfer-certificate-and-say-why'), 'accept')
  },
  'people have a certificate sent that somebody asked for, and the receiver takes it': async (walker) => {
    const certificateId = await walker.make('we-ask-to-send-certificate')
    await walker.answer(certificateId, 'accept')
    await withClient(new IoTClient(clientConfigOf(walker.aws, sampleAccounts.partner)), (iot) =>
      iot.send(new AcceptCertificateTransferCommand({ certificateId })),
    )
    await walker.sweep()
  },
  'a certificate is sent, and what AWS says to that is lost': async (walker) => {
    const certificateId = await walker.make('we-ask-to-send-certificate')
    walker.fault('iot', 'TransferCertificate', { error: 'ServiceUnavailableException', after: true })
    await walker.answer(certificateId, 'accept')
    await walker.advance('2m')
  },
  'people refuse to have a certificate sent': async (walker) => {
    await walker.answer(await walker.make('we-ask-to-send-certificate'), 'reject')
  },
  'people accept a delegation, and take it in the AWS console': async (walker) => {
    const awsId = await walker.make('partner-requests-backup-role')
    await walker.answer(awsId, 'accept')
    await acceptInAwsConsole(walker.aws, { account: walker.account, requestId: awsId })
    await walker.sweep()
  },
  'people reject a delegation': async (walker) => {
    await walker.answer(await walker.make('partner-requests-backup-role'), 'reject')
  },

  'an operator tells of a delegation request': async (walker) => {
    await walker.operate({ do: 'intake', account: walker.account, awsId: 'a-request-of-nobody' })
  },
  'a person tells of a delegation request': async (walker) => {
    const link = await walker.operate({ do: 'intake-link', approver: 'alice' })
    await walker.tellOf(link, 'a-request-of-nobody')
  },

  'an offer is withdrawn while people are asked': async (walker) => {
    const certificateId = await walker.make('stranger-transfers-certificate')
    await walker.sweep()
    await withClient(new IoTClient(clientConfigOf(walker.aws, sampleAccounts.stranger)), (iot) =>
      iot.send(new CancelCertificateTransferCommand({ certificateId })),
    )
    await walker.sweep()
  },

  'somebody answers in the AWS console while people are asked': async (walker) => {
    const resourceShareInvitationArn = await walker.make('stranger-shares-subnet')
    const certificateId = await walker.make('stranger-transfers-certificate')
    await walker.sweep()
    const own = clientConfigOf(walker.aws, walker.account)
    await withClient(new RAMClient(own), (ram) =>
      ram.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn })),
    )
    await withClient(new IoTClient(own), (iot) => iot.send(new RejectCertificateTransferCommand({ certificateId })))
  },

  'somebody types wrong characters': async (walker) => {
    const awsId = await walker.make('stranger-shares-subnet')
    await walker.answer(awsId, 'accept', { digits: '0000' }).catch(() => undefined)
  },

  'somebody presses a button in Slack': async (walker) => {
    await walker.rejectInSlack(await walker.make('stranger-shares-subnet'))
  },

  'a vote wakes nobody, and the next scan does': async (walker) => {
    const awsId = await walker.make('stranger-shares-subnet')
    walker.fault('stepfunctions', 'SendTaskSuccess', { error: 'ServiceUnavailable', times: 50 })
    await walker.answer(awsId, 'reject').catch(() => undefined)
    walker.noFaults()
    await walker.sweep()
  },

  'a run fails after people decided, and the next one goes on': async (walker) => {
    const awsId = await walker.make('stranger-shares-subnet')
    walker.fault('ram', 'AcceptResourceShareInvitation', { error: 'MalformedArnException' })
    await walker.answer(awsId, 'accept')
    await walker.advance('1h')
  },

  'runs fail until somebody is told': async (walker) => {
    walker.fault('ram', 'AcceptResourceShareInvitation', { error: 'MalformedArnException', times: 5 })
    await walker.make('partner-shares-subnets')
    await walker.advance('6h')
  },

  'runs are stopped until somebody is told': async (walker) => {
    const awsId = await walker.make('stranger-shares-subnet')
    for (let time = 0; time < 5; time += 1) {
      await walker.stopRun(awsId)
      await walker.advance('1h')
    }
  },

  'many offers of one account share a digest': async (walker) => {
    await Promise.all(Array.from({ length: personalAsks + 2 }, () => walker.make('stranger-shares-subnet')))
    await walker.advance('1h')
  },

  'a digest reaches nobody': async (walker) => {
    await walker.make('stranger-shares-subnet')
    walker.fault('sesv2', 'SendEmail', { error: 'MessageRejected', times: 100 })
    await walker.advance('1h')
    walker.noFaults()
  },

  'nobody answers, and the deadline decides': async (walker) => {
    await walker.make('stranger-shares-event-bus')
    await walker.advance('12h')
  },
}
