import { factsHashOf } from '../../../../lambda/domain/facts.ts'
import type { Facts } from '../../../../lambda/domain/facts.ts'
import { factsOf, requestSchema } from '../../../../lambda/kinds/iam-delegation/facts.ts'
import { cleanNotes } from '../../../../lambda/kinds/iam-delegation/notes.ts'
import { aParty, ordersOf, partner, us } from '../../../support/kinds.ts'

const boundaries = ['a', 'b'].map((name) => `arn:aws:iam::partner:policy/permission_boundary/example.com/${name}_2026`)
const parameters = [
  { Name: 'Bucket', Type: 'string', Values: ['logs'] },
  { Name: 'Regions', Type: 'stringList', Values: ['us-east-1', 'eu-west-1'] },
]

function facts(overrides: Record<string, unknown> = {}): Facts {
  const request = requestSchema.parse({
    DelegationRequestId: 'dr-0123456789abcdef',
    OwnerAccountId: us,
    State: 'UNASSIGNED',
    RequestorId: partner,
    RequestorName: 'Acme',
    Description: 'set up monitoring',
    RequestMessage: 'please',
    Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/monitor', Parameters: parameters },
    PermissionPolicy: '{"Version":"2012-10-17","Statement":[]}',
    RolePermissionRestrictionArns: boundaries,
    SessionDuration: 3600,
    RedirectUrl: 'https://acme.example.com/done',
    OnlySendByOwner: false,
    CreateDate: new Date('2026-11-20T10:00:00Z'),
    ExpirationTime: new Date('2026-11-21T10:00:00Z'),
    UpdatedTime: new Date('2026-11-20T10:00:00Z'),
    ...overrides,
  })
  return factsOf(request, { party: aParty(), account: us })
}

describe('facts of a delegation request', () => {
  it('holds what policy may look at', () => {
    const { decisive, offeredAt, expiresAt, unknown } = facts()
    expect(decisive).toEqual({
      counterparty: partner,
      organization: 'not-configured',
      requestorName: 'Acme',
      description: 'set up monitoring',
      requestMessage: 'please',
      templateArn: 'arn:aws:iam::aws:delegation-template/monitor',
      parameters: [
        { name: 'Bucket', type: 'string', values: ['logs'] },
        { name: 'Regions', type: 'stringList', values: ['eu-west-1', 'us-east-1'] },
      ],
      permissionPolicy: '{"Version":"2012-10-17","Statement":[]}',
      assessment: {
        readable: true,
        services: [],
        actions: [],
        wildcards: [],
        everyAction: false,
        everyResource: false,
        createsRoles: false,
        boundedRoles: true,
        managesIdentities: false,
        overBroad: [],
      },
      permissionsBoundaryArns: boundaries,
      sessionDurationSeconds: 3600,
      redirectUrl: 'https://acme.example.com/done',
      onlySendByOwner: false,
      ownerAccount: us,
    })
    expect({ offeredAt, expiresAt, unknown }).toEqual({
      offeredAt: '2026-11-20T10:00:00.000Z',
      expiresAt: '2026-11-21T10:00:00.000Z',
      unknown: [],
    })
  })

  it('has the same hash after everything that our own Associate changes', () => {
    const before = facts({ OwnerAccountId: undefined })
    const after = facts({
      OwnerId: `arn:aws:sts::${us}:assumed-role/gatehouse-rejector/x`,
      ApproverId: `arn:aws:iam::${us}:role/admin`,
      State: 'ASSIGNED',
      Notes: 'forwarded',
      UpdatedTime: new Date('2026-11-20T11:00:00Z'),
      ExpirationTime: new Date('2026-11-27T11:00:00Z'),
    })
    expect(factsHashOf(after)).toBe(factsHashOf(before))
  })

  it('has the same hash whatever the order of its lists', () => {
    const hashes = ordersOf(parameters).map((Parameters, turn) =>
      factsHashOf(
        facts({
          Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:delegation-template/monitor', Parameters },
          RolePermissionRestrictionArns: ordersOf(boundaries)[turn],
        }),
      ),
    )
    expect(new Set(hashes)).toEqual(new Set([factsHashOf(facts())]))
  })

  it('has another hash for another duration or message', () => {
    const hashes = [facts(), facts({ SessionDuration: 7200 }), facts({ RequestMessage: null })].map(factsHashOf)
    expect(new Set(hashes).size).toBe(3)
  })

  it('says that the permissions are unknown where IAM gives none', () => {
    expect(facts({ PermissionPolicy: undefined })).toMatchObject({
      unknown: ['permissionPolicy'],
      decisive: { permissionPolicy: null },
    })
  })
})

describe('notes on a rejected request', () => {
  it('keeps what IAM takes and marks the rest', () => {
    expect(cleanNotes('Größe\tok\r\nnein\u0000\u007f\u00a0 \u{1f600} 日本')).toBe('Größe\tok\r\nnein??? ? ??')
  })

  it('ends at 500 characters', () => {
    expect(cleanNotes('\u{1f600}'.repeat(600))).toBe('?'.repeat(500))
  })

  it('gives nothing that the pattern of IAM refuses', () => {
    const everyUnit = Array.from({ length: 400 }, (_, code) => String.fromCharCode(code)).join('')
    expect(cleanNotes(everyUnit)).toMatch(/^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/)
  })
})
