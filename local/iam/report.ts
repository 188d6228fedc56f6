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
export function reportOf({ authorities }: Pick<Walked, 'authorities'>): ReportRow[] {
  const rows = new Map<string, ReportRow>()
  for (const { statements, usage } of authorities)
    for (const granted of statements)
      for (const right of granted.statement.rights) {
        const row = rowOf(granted, right)
        const id = JSON.stringify([row.holder, row.kind, row.action, row.resource, row.narrowed, row.conditions])
        const usedBy = [...(rows.get(id)?.usedBy ?? []), ...usage.pathsOf(right)]
        rows.set(id, { ...(rows.get(id) ?? row), usedBy })
      }
  return [...rows.values()].map((row) =>
    row.usedBy.length > 0 ? row : { ...row, acknowledged: acknowledgementOf(row) ?? null },
  )
}

function rowOf({ holder, kind, statement }: GrantedStatement, { action, resource, narrowed }: Right): ReportRow {
  const conditions = statement.conditions.map(({ name }) => name)
  const row = { holder, kind, statement: statement.name, action, resource, narrowed: narrowed ?? null }
  return { ...row, conditions, usedBy: [], acknowledged: null }
}

/** Rights that nobody needed and nobody has acknowledged. */
export function surplusOf(rows: readonly ReportRow[]): ReportRow[] {
  return rows.filter(({ usedBy, acknowledged }) => usedBy.length === 0 && acknowledged === null)
}
