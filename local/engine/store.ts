import type { ExecutionRecord } from './execution.ts'

/** Where executions are kept. The engine changes a record that it has put; `put` says that it did. */
export interface ExecutionStore {
  get(executionArn: string): ExecutionRecord | undefined
  put(record: ExecutionRecord): void
  remove(executionArn: string): void
  /** Oldest first. */
  list(stateMachineArn: string): Iterable<ExecutionRecord>
  all(): Iterable<ExecutionRecord>
  clear(): void
}

export function createMemoryStore(): ExecutionStore {
  const byArn = new Map<string, ExecutionRecord>()
  const byMachine = new Map<string, Map<string, ExecutionRecord>>()
  return {
    get: (executionArn) => byArn.get(executionArn),
    put(record) {
      byArn.set(record.arn, record)
      const ofMachine = byMachine.get(record.stateMachineArn)
      if (ofMachine === undefined) byMachine.set(record.stateMachineArn, new Map([[record.arn, record]]))
      else ofMachine.set(record.arn, record)
    },
    remove(executionArn) {
      const record = byArn.get(executionArn)
      if (record === undefined) return
      byArn.delete(executionArn)
      byMachine.get(record.stateMachineArn)?.delete(executionArn)
    },
    list: (stateMachineArn) => byMachine.get(stateMachineArn)?.values() ?? [],
    all: () => byArn.values(),
    clear() {
      byArn.clear()
      byMachine.clear()
    },
  }
}
