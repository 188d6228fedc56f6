import { failuresBeforeTelling } from '../contract/timing.ts'
import type { Approver, Settings } from '../contract/settings.ts'
import type { OfferState } from '../domain/state.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SentMessage } from '../notify/channel.ts'
import type { Messenger } from '../notify/messenger.ts'
import { deliver, forEachAtLeastTried } from './deliver.ts'
import { logger } from './serve.ts'

export interface TroubleDeps {
  ledger: Ledger
  messenger: Pick<Messenger, 'tellTrouble'>
  settings: Settings
}

/** After so many failed runs in a row people are told, whoever noticed; the case stays open. */
export async function tellOfTrouble(state: OfferState, error: string, deps: TroubleDeps): Promise<void> {
  if (state.failures === 0 || state.failures % failuresBeforeTelling !== 0) return
  const { offerId } = state
  logger.error('runs keep failing', { offerId, failures: state.failures, error })
  const message = {
    ...deps,
    offerId,
    run: state.run,
    round: 0,
    about: 'trouble' as const,
    channels: ['email' as const],
  }
  await forEachAtLeastTried(responsible(deps.settings), async (approver) => {
    const send = (): Promise<SentMessage> => deps.messenger.tellTrouble({ state, error, approver })
    await deliver({ ...message, approver: approver.id, send })
  })
}

/** Who is asked by default, and who is asked when nobody else answers. */
function responsible({ approvers, groups, defaultGroup, escalationGroup }: Settings): Approver[] {
  const ids = [defaultGroup, escalationGroup].flatMap((name) => (name === null ? [] : (groups[name]?.approvers ?? [])))
  return approvers.filter(({ id }) => ids.includes(id))
}
