import type { KindSpec } from './kind-spec.ts'

/** Where offers of global kinds live. */
export const globalRegion = 'us-east-1'

/** The name of a kind. General code asks the kind's spec, and names none. */
export type OfferKind = string

const registered = new Map<OfferKind, KindSpec>()

/** A process says which kinds there are before it reads anything (lambda/kinds/register.ts); a name has one spec. */
export function registerKinds(specs: readonly KindSpec[]): void {
  for (const spec of specs) {
    if ((registered.get(spec.kind) ?? spec) !== spec) throw new TypeError(`expected one kind \`${spec.kind}\`, got two`)
    registered.set(spec.kind, spec)
  }
}

/** By name. */
export function allKinds(): KindSpec[] {
  return [...registered.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1))
}

export function kindNames(): OfferKind[] {
  return allKinds().map(({ kind }) => kind)
}

export function isKind(name: string): boolean {
  return registered.has(name)
}

export function specOf(kind: OfferKind): KindSpec {
  const spec = registered.get(kind)
  if (spec === undefined) throw new TypeError(`expected one of ${kindNames().join(', ')}, got \`${kind}\``)
  return spec
}

/** The kind in an offer's id, `<kind>-<32 hex>`; undefined where it is none. */
export function kindOfOffer(offerId: string): OfferKind | undefined {
  const kind = /^(.{1,64})-[0-9a-f]{32}$/.exec(offerId)?.[1]
  return kind !== undefined && registered.has(kind) ? kind : undefined
}

/** What the deadline brings: as configured, else as the kind has it. */
export function deadlineDefaultOf(
  kind: OfferKind,
  configured: Readonly<Record<OfferKind, KindSpec['deadlineDefault']>>,
): KindSpec['deadlineDefault'] {
  return configured[kind] ?? specOf(kind).deadlineDefault
}

/** Where policy accepts only what partners offer: the role that accepts by itself has rights for no others. */
export function isForPartnersOnly(kind: OfferKind): boolean {
  const grants = Object.values(specOf(kind).grants).flat()
  return grants.some(({ partnerCondition, needsPartners }) => partnerCondition !== undefined || needsPartners === true)
}
