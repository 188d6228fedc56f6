import { acknowledgementOf } from './acknowledged.ts'
import type { GrantedStatement } from './rights.ts'
import type { Right } from './statement.ts'
import type { Walked } from './walk/walk.ts'

export interface ReportRow {
  /** Logical id of the role, queue policy or permission. */
  holder: string
  kind: GrantedStatement['kind']
  statement: string
  action: string
  resource: string
  /** The one value of a condition that this right is for, such as a partition of the ledger. */
  narrowed: string | null
  /** The other conditions, as operator and key. */
  conditions: readonly string[]
  usedBy: readonly string[]
  /** Why it is there although no path needed it. */
  acknowledged: string | null
}

/** Every right of every policy, and which path needed it. */
export function reportOf({ authority }: Pick<Walked, 'authority'>): ReportRow[] {
  return authority.statements.flatMap((granted) =>
    granted.statement.rights.map((right) => rowOf(granted, right, authority.usage.pathsOf(right))),
  )
}

function rowOf({ holder, kind, statement }: GrantedStatement, right: Right, usedBy: readonly string[]): ReportRow {
  const { action, resource, narrowed } = right
  const row = { holder, kind, statement: statement.name, action, resource, narrowed: narrowed ?? null, usedBy }
  const conditions = statement.conditions.map(({ name }) => name)
  return { ...row, conditions, acknowledged: usedBy.length > 0 ? null : (acknowledgementOf(row) ?? null) }
}

/** Rights that nobody needed and nobody has acknowledged. */
export function surplusOf(rows: readonly ReportRow[]): ReportRow[] {
  return rows.filter(({ usedBy, acknowledged }) => usedBy.length === 0 && acknowledged === null)
}
