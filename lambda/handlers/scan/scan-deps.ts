import type { Settings } from '../../contract/settings.ts'
import type { Inspection } from '../../domain/facts.ts'
import type { OfferRef, Target } from '../../domain/offer.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { ChainStore } from '../../ledger/chain-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { ScanStore } from '../../ledger/scan-store.ts'
import type { HintQueue } from '../../notify/hint-queue.ts'
import type { SeldomMessenger } from '../../notify/messenger.ts'
import type { Workflow } from '../../notify/workflow.ts'
import type { Lately } from './lately.ts'
import type { Listings } from './listings.ts'
import type { CallClock } from './paced-part.ts'

export interface ScanDeps {
  ledger: Ledger
  scans: ScanStore
  chains: ChainStore
  approvals: ApprovalsStore
  workflow: Workflow
  messenger: SeldomMessenger
  queue: HintQueue
  /** Opens the kind of a target with the reader's role; never called for an account that is not governed. */
  open: (target: Target) => Promise<Kind>
  /** Reads an offer without any lookup that is kept. */
  lookAfresh: (ref: OfferRef) => Promise<Inspection>
  governs: (target: Target) => Promise<boolean>
  settings: Settings
  /** Seconds that the next start at a target has to wait; one pace for all hints of a batch. */
  pace: (target: Target) => number
  /** For the calls of a long listing, which are paced, too. */
  callClock: CallClock
  /** Kept between invocations. */
  lately: Lately
  /** Kept, too. */
  listings: Listings
}
