import type { Membership } from '../domain/facts.ts'
import type { JsonObject } from '../domain/json.ts'
import type { KindContext } from './kind.ts'

/** The account on the other side as facts have it. */
export interface Party {
  counterparty: string | null
  decisive: { counterparty: string | null; organization: Membership; organizationPath?: string[] | null }
  /** For people to read, and theirs to choose: nothing rests on it. */
  context: JsonObject
  /** Which of the decisive ones could not be had. */
  unknown: string[]
}

/** The facts that every kind has of the account on the other side. */
export async function partyOf(context: KindContext, counterparty: string | null): Promise<Party> {
  const { membership, path, unit, accountName } = await context.standingOf(counterparty)
  const isInside = membership === 'inside'
  return {
    counterparty,
    decisive: {
      counterparty,
      organization: membership,
      ...(isInside && { organizationPath: path === null ? null : [...path] }),
    },
    context: {
      ...(unit !== null && { organizationalUnit: unit }),
      ...(accountName !== null && { accountName }),
    },
    unknown: [
      ...(counterparty === null ? ['counterparty'] : []),
      ...(membership === 'unknown' ? ['organization'] : []),
      ...(isInside && path === null ? ['organizationPath'] : []),
    ],
  }
}
