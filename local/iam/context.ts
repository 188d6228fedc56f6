/** What a call says of itself, by condition key. Keys have no case; a list stands for a key that AWS fills with several values. */
export type Context = ReadonlyMap<string, string | readonly string[]>

export type ContextEntries = Readonly<Record<string, string | readonly string[] | undefined>>

/** Keys without a value are absent. */
export function contextOf(...all: readonly ContextEntries[]): Context {
  const context = new Map<string, string | readonly string[]>()
  for (const entries of all)
    for (const [key, value] of Object.entries(entries)) if (value !== undefined) context.set(key.toLowerCase(), value)
  return context
}

/** Keys that the local run fills wherever AWS does. A condition on any other cannot be evaluated here. */
const knownKeys = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:tagkeys',
  'dynamodb:leadingkeys',
  'events:detail-type',
  'events:source',
  'ram:shareowneraccountid',
  'ses:fromaddress',
  'ses:recipients',
  'sts:externalid',
  'sts:rolesessionname',
])

export function isKnownKey(key: string): boolean {
  const lower = key.toLowerCase()
  return knownKeys.has(lower) || /^aws:(principal|request)tag\/./.test(lower)
}
