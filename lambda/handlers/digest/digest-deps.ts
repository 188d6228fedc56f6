import type { Settings } from '../../contract/settings.ts'
import type { ApprovalsStore } from '../../ledger/approvals-store.ts'
import type { DigestStore } from '../../ledger/digest-store.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Mailer } from '../../notify/mailer.ts'
import type { Workflow } from '../../notify/workflow.ts'

export interface DigestDeps {
  /** A ledger keeps what it read last, so each worker has its own. */
  openLedger: () => Ledger
  digests: DigestStore
  approvals: ApprovalsStore
  mailer: Mailer
  workflow: Workflow
  settings: Settings
  approvalUrl: string
  now: () => Date
  /** Entries in one digest; more come with the next. */
  most: number
}

/** Offers that are read or written at once. */
export const digestWidth = 20
