import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { spokeRoles } from '../../../lambda/contract/env.ts'
import { allKinds, kindNames, specOf } from '../../../lambda/domain/kinds.ts'
import type { OfferKind } from '../../../lambda/domain/offer.ts'
import { iamErrors, policyErrors } from '../../../lambda/kinds/iam-delegation/errors.ts'
import { iotOutgoingErrors } from '../../../lambda/kinds/iot-outgoing/errors.ts'
import { iotSendErrors } from '../../../lambda/kinds/iot-send/errors.ts'
import { iotTransferErrors } from '../../../lambda/kinds/iot-transfer/errors.ts'
import { ramErrors } from '../../../lambda/kinds/ram-invitation/errors.ts'

const calls: Record<OfferKind, string[]> = {
  'ram-invitation': Object.keys(ramErrors),
  'iot-transfer': Object.keys(iotTransferErrors),
  'iot-outgoing': Object.keys(iotOutgoingErrors),
  'iot-send': Object.keys(iotSendErrors),
  'iam-delegation': [...Object.keys(iamErrors), ...Object.keys(policyErrors)],
}

const actionsOf = (kind: OfferKind, role: string): string[] =>
  Object.entries(specOf(kind).grants)
    .filter(([name]) => name === role)
    .flatMap(([, grants]) => grants.flatMap(({ actions }) => actions.map((action) => action.split(':')[1]!)))

describe.each(kindNames())('what the roles may do for %s', (kind) => {
  it('is every call that the kind makes, and no other', () => {
    const granted = Object.values(spokeRoles).flatMap((role) => actionsOf(kind, role))
    expect([...new Set(granted)].sort()).toEqual([...(calls[kind] ?? [])].sort())
  })

  it('lets the reader change nothing, and each worker do its own part only', () => {
    const changes = (role: string): string[] =>
      actionsOf(kind, role)
        .map((action) => /^(Accept|Reject|Cancel|Associate|Send|Transfer)/.exec(action)?.[1] ?? '')
        .filter((verb) => verb !== '')
    expect(changes('gatehouse-reader')).toEqual([])
    expect(['Accept']).toEqual(expect.arrayContaining(changes('gatehouse-auto-acceptor')))
    expect(['Accept']).toEqual(expect.arrayContaining(changes('gatehouse-acceptor')))
    expect(changes('gatehouse-rejector')).not.toContain('Accept')
    if (kind !== 'iam-delegation') expect(actionsOf(kind, 'gatehouse-delegator')).toEqual([])
  })

  it('is for every resource only where the service has no narrower one', () => {
    const wide = Object.values(specOf(kind).grants)
      .flat()
      .filter(({ resources }) => resources.includes('*'))
      .flatMap(({ actions }) => actions)
    const lists =
      /:(GetResourceShareInvitations|GetResourceShares|ListResources|ListCertificates|ListOutgoingCertificates|ListDelegationRequests)$/
    expect(wide.filter((action) => !lists.test(action))).toEqual([])
  })
})

describe('the folder of a kind', () => {
  it.each(kindNames())('of %s has what is looked for there by its name', (kind) => {
    for (const file of ['open.ts', 'facts.cedarschema']) expect(existsSync(`lambda/kinds/${kind}/${file}`)).toBe(true)
    expect(existsSync(`policies/${kind}.cedar`)).toBe(true)
  })

  it('is registered', () => {
    const folders = readdirSync('lambda/kinds', { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual(kindNames())
  })
})

describe('the data of the kinds', () => {
  it('binds only the automatic accept of a share to the partners', () => {
    const bound = allKinds().flatMap(({ grants }) =>
      Object.entries(grants).flatMap(([role, list]) =>
        list.filter(({ partnerCondition }) => partnerCondition !== undefined).map(({ actions }) => ({ role, actions })),
      ),
    )
    expect(bound).toEqual([{ role: 'gatehouse-auto-acceptor', actions: ['ram:AcceptResourceShareInvitation'] }])
  })

  it('loads no client: but for types it imports only the domain, and data beside it', () => {
    const ours = /^import (?!type ).* from '(?!\.\.\/\.\.\/domain\/|\.\/words\.ts|\.\.\/iot-(fields|trail)\.ts)/gm
    for (const kind of kindNames()) {
      for (const file of ['spec', 'words']) {
        const source = readFileSync(`lambda/kinds/${kind}/${file}.ts`, 'utf8')
        expect(source.match(ours)).toBeNull()
      }
    }
  })
})
