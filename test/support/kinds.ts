import type { Settings } from '../../lambda/contract/settings.ts'
import type { Membership } from '../../lambda/domain/facts.ts'
import { kindNames } from '../../lambda/domain/kinds.ts'
import type { OfferKind } from '../../lambda/domain/offer.ts'
import type { KindContext, TransferRequests } from '../../lambda/kinds/kind.ts'
import type { Party } from '../../lambda/kinds/party.ts'
import { notLookedUp } from '../../lambda/kinds/standing.ts'

import { approvalSettings } from './approvals.ts'

export const us = '111111111111'
export const partner = '444455556666'
export const stranger = '555566667777'

export function aSettings(overrides: Partial<Settings> = {}): Settings {
  return {
    region: 'us-east-1',
    mode: 'enforce',
    approvers: [{ id: 'ada', email: 'ada@example.com' }],
    ...approvalSettings([{ id: 'ada' }]),
    partners: { network: [partner] },
    organizationId: null,
    partnersUntil: {},
    partnerOwners: {},
    tellsAccepted: false,
    targets: null,
    kinds: { default: kindNames(), ous: {}, accounts: {} },
    emailFrom: 'gatehouse@example.com',
    iotWindowMs: 7 * 24 * 3_600_000,
    marginMs: 3_600_000,
    deadlineDefault: {
      'ram-invitation': 'reject',
      'iot-transfer': 'reject',
      'iot-outgoing': 'leave',
      'iot-send': 'reject',
      'iam-delegation': 'reject',
    },
    sevenDayTypes: ['ec2:Subnet', 'ec2:TransitGateway'],
    setAsActive: false,
    iotCalls: { perSecond: 10, share: 0.5 },
    delegationStrategy: 'console',
    delegationRole: null,
    runsPerSecond: 5,
    policyDigest: 'digest-1',
    ...overrides,
  }
}

/** Nobody of ours asked for a transfer. */
export const noRequests: TransferRequests = {
  find: async () => undefined,
  open: async function* () {},
  begin: async (request) => request,
  began: async (request) => request,
  refuse: async () => undefined,
}

export function aContext(kind: OfferKind, overrides: Partial<KindContext> = {}): KindContext {
  return {
    target: { kind, account: us, region: 'us-east-1' },
    credentials: async () => ({ accessKeyId: us, secretAccessKey: 'secret' }),
    settings: aSettings(),
    requests: noRequests,
    pause: () => Promise.resolve(),
    standingOf: async () => notLookedUp,
    ...overrides,
  }
}

export function aParty({
  counterparty = partner,
  organization = 'not-configured',
  unknown = [],
}: { counterparty?: string | null; organization?: Membership; unknown?: string[] } = {}): Party {
  return { counterparty, decisive: { counterparty, organization }, context: {}, unknown }
}

/** The same list in every order that matters to a test: as it is, backwards, rotated by one. */
export function ordersOf<T>(list: readonly T[]): T[][] {
  return [[...list], [...list].reverse(), [...list.slice(1), ...list.slice(0, 1)]]
}
