import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import * as z from 'zod'
import { parseOnce, type Parse } from './expressions.ts'

const load = createRequire(import.meta.url)

type Done = (error: unknown, data?: unknown) => void

interface ValueIterator {
  nextv: (most: number) => Promise<unknown[]>
  close: () => Promise<void>
}

/** Dynalite's parts, which it does not type. Its own HTTP server is left out: the local endpoint is the only door. */
export interface DynaliteStore {
  /** Named in the ARNs of tables. */
  readonly tableDb: { awsAccountId: string; awsRegion: string }
  readonly db: {
    readonly status: string
    get: (key: string, done?: Done) => unknown
    getSync: (key: string) => unknown
    clear: () => Promise<void>
    values: (range: object) => ValueIterator
    /** What queries and scans read; see `readInBatches`. */
    createValueStream: (range: object) => Readable
  }
  readonly lifecycleManager: { gracefulClose: () => Promise<void> }
}

const storeSchema = z.custom<DynaliteStore>((value) => typeof value === 'object' && value !== null && 'db' in value)
const functionSchema = z.custom<(...parts: unknown[]) => unknown>((value) => typeof value === 'function')
const validationSchema = z.object({ types: z.record(z.string(), z.unknown()), custom: functionSchema.optional() })
const dbModule = z.object({ create: functionSchema }).parse(load('dynalite/db'))
const validationsModule = z
  .object({ checkTypes: functionSchema, checkValidations: functionSchema })
  .parse(load('dynalite/validations'))

const parserSchema = z.custom<{ parse: Parse }>(
  (value) => typeof value === 'object' && value !== null && 'parse' in value,
)
for (const name of ['conditionParser', 'updateParser']) {
  const parser = parserSchema.parse(load(`dynalite/db/${name}`))
  parser.parse = parseOnce(parser.parse)
}

/** In memory without a path. Tables are there at once. */
export function openStore(path?: string): DynaliteStore {
  if (path !== undefined) mkdirSync(path, { recursive: true, mode: 0o700 })
  const immediately = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }
  const store = storeSchema.parse(dbModule.create(path === undefined ? immediately : { ...immediately, path }))
  readAtOnce(store.db)
  store.db.createValueStream = (range) => readInBatches(store.db.values({ ...range, highWaterMarkBytes: batchBytes }))
  return store
}

/** Each operation reads its table's description and often an item: from the page cache, less than a hop to another thread. */
function readAtOnce(db: DynaliteStore['db']): void {
  const readLater = db.get.bind(db)
  db.get = (key, done) => {
    // While the database opens it calls itself, and wants a promise.
    if (db.status !== 'open' || typeof done !== 'function') return readLater(key, done)
    let value: unknown
    try {
      value = db.getSync(key)
    } catch (error) {
      queueMicrotask(() => {
        done(error)
      })
      return undefined
    }
    queueMicrotask(() => {
      done(null, value)
    })
    return undefined
  }
}

const batchSize = 256
/** More than a batch of the largest items: only the end makes a batch smaller than asked for. */
const batchBytes = batchSize * 1024 * 1024

/** Dynalite's own stream asks the disk for each value alone and leaves its iterators open: half the time of a query. */
function readInBatches(iterator: ValueIterator): Readable {
  return new Readable({
    objectMode: true,
    read() {
      iterator.nextv(batchSize).then(
        (values) => {
          for (const value of values) this.push(value)
          if (values.length < batchSize) this.push(null)
        },
        (error: unknown) => {
          this.destroy(error instanceof Error ? error : new Error('cannot read the table', { cause: error }))
        },
      )
    },
    destroy(error, callback) {
      iterator.close().then(
        () => {
          callback(error)
        },
        () => {
          callback(error)
        },
      )
    },
  })
}

interface Operation {
  types: Record<string, unknown>
  custom: ((...parts: unknown[]) => unknown) | undefined
  act: (...parts: unknown[]) => unknown
}

const operationNames = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
]

const operations = new Map<string, Operation>(
  operationNames.map((name) => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const { types, custom } = validationSchema.parse(load(`dynalite/validations/${file}`))
    return [name, { types, custom, act: functionSchema.parse(load(`dynalite/actions/${file}`)) }] as const
  }),
)

export function isOperation(name: string): boolean {
  return operations.has(name)
}

export interface DynamoAnswer {
  status: number
  body: unknown
}

const refusalSchema = z.object({ statusCode: z.number(), body: z.unknown() })

/** Runs one operation on the parsed body; what DynamoDB would refuse comes back as its answer. */
export async function runOperation(store: DynaliteStore, name: string, input: unknown): Promise<DynamoAnswer> {
  const operation = operations.get(name)
  if (operation === undefined) throw new RangeError(`no operation \`${name}\``)
  try {
    const data = validationsModule.checkTypes(input, operation.types)
    validationsModule.checkValidations(data, operation.types, operation.custom, store)
    return { status: 200, body: await act(operation, store, data) }
  } catch (error) {
    const refusal = refusalSchema.safeParse(error)
    if (!refusal.success) throw error
    return { status: refusal.data.statusCode, body: refusal.data.body }
  }
}

function act({ act: run }: Operation, store: DynaliteStore, data: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done: Done = (error, answer) => {
      if (error === null || error === undefined) resolve(answer)
      else reject(error instanceof Error ? error : new Error('dynalite failed', { cause: error }))
    }
    run(store, data, done)
  })
}
