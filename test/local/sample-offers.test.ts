import { ListOutgoingCertificatesCommand, IoTClient } from '@aws-sdk/client-iot'
import { IAMClient, GetDelegationRequestCommand } from '@aws-sdk/client-iam'
import { GetResourceShareInvitationsCommand, RAMClient } from '@aws-sdk/client-ram'
import { createBehaviour } from '../../local/aws/behaviour.ts'
import { createIam } from '../../local/aws/services/iam.ts'
import { createIot } from '../../local/aws/services/iot.ts'
import { createRam } from '../../local/aws/services/ram.ts'
import { acceptInAwsConsole } from '../../local/partner.ts'
import { findSampleOffer, firstOffers, sampleOffers, type SampleOffer } from '../../local/sample-offers.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { startEndpoint, type TestEndpoint } from '../support/endpoint.ts'

const { own } = sampleAccounts
const accountOf = { partner: sampleAccounts.partner, stranger: sampleAccounts.stranger, us: own }

let endpoint: TestEndpoint

beforeAll(async () => {
  const deps = { raise: () => undefined, behaviour: createBehaviour() }
  endpoint = await startEndpoint([createRam(deps), createIot(deps), createIam(deps)])
})
afterAll(() => endpoint.close())

/** What we ask Gatehouse to send waits there: AWS does not know of it yet. */
const atAws = sampleOffers.filter(({ id }) => id !== 'we-ask-to-send-certificate')

test.each(atAws.map((offer) => [offer.id, offer] as const))(
  '%s waits at AWS, twice when made twice',
  async (_, offer) => {
    const aws = { endpoint: endpoint.url, region: 'us-east-1' }

    const ids = [await offer.make(aws), await offer.make(aws)]

    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(await waits(offer, id)).toBe(true)
  },
)

test('what a fresh folder starts with is of every kind', () => {
  const groups = firstOffers.map((id) => findSampleOffer(id)?.group)

  expect(new Set(groups)).toEqual(new Set(sampleOffers.map(({ group }) => group)))
})

test('a person who accepts in the AWS console owns the request, and its access is released', async () => {
  const aws = { endpoint: endpoint.url, region: 'us-east-1' }
  const requestId = (await findSampleOffer('partner-requests-backup-role')?.make(aws)) ?? ''

  await acceptInAwsConsole(aws, { account: own, requestId })

  const iam = new IAMClient(endpoint.as(own))
  const { DelegationRequest } = await iam.send(new GetDelegationRequestCommand({ DelegationRequestId: requestId }))
  expect(DelegationRequest).toMatchObject({ State: 'FINALIZED', OwnerId: `arn:aws:iam::${own}:root` })
})

/** Whether AWS shows it as pending, to the side that has to answer or, for certificates, on the side that sent it. */
async function waits(offer: SampleOffer, id: string): Promise<boolean> {
  switch (offer.group) {
    case 'Resource share': {
      const ram = new RAMClient(endpoint.as(own))
      const found = await ram.send(new GetResourceShareInvitationsCommand({ resourceShareInvitationArns: [id] }))
      return found.resourceShareInvitations?.[0]?.status === 'PENDING'
    }
    case 'Certificate for us':
    case 'Certificate of ours': {
      const iot = new IoTClient(endpoint.as(accountOf[offer.by]))
      const found = await iot.send(new ListOutgoingCertificatesCommand({}))
      return found.outgoingCertificates?.some(({ certificateId }) => certificateId === id) ?? false
    }
    case 'Delegation request': {
      const iam = new IAMClient(endpoint.as(own))
      const found = await iam.send(new GetDelegationRequestCommand({ DelegationRequestId: id }))
      return found.DelegationRequest?.State === 'UNASSIGNED'
    }
  }
}
