import * as z from 'zod'
import { compileDefinition } from './definition/compile.ts'
import type { Definition } from './definition/model.ts'
import type { Execution, ExecutionRecord, Thread, Wait } from './execution.ts'
import type { Json } from './json.ts'
import { createVariables } from './jsonata/scope.ts'

/** All executions as JSON, with the definitions they run and where each running one stands. */

const json: z.ZodType<Json> = z.json()
const variables = z.record(z.string(), json)
const event = z.object({
  type: z.string(),
  atMs: z.number(),
  previous: z.number(),
  detail: z.record(z.string(), json).exactOptional(),
})

const threadFields = {
  states: z.string(),
  state: z.string(),
  item: z.object({ index: z.number(), value: json }).optional(),
  variables,
  input: json,
  enteredMs: z.number(),
  attempts: z.array(z.number()),
  lastEvent: z.number(),
}
const timer = z.object({ kind: z.literal('timer'), dueMs: z.number(), then: z.enum(['done', 'again']) })
const task = z.object({
  kind: z.literal('task'),
  token: z.string().exactOptional(),
  timeoutAtMs: z.number().exactOptional(),
  heartbeatAtMs: z.number().exactOptional(),
  heartbeatMs: z.number().exactOptional(),
})
const groupFields = {
  kind: z.literal('group'),
  inputs: z.array(json),
  items: z.array(json).optional(),
  limit: z.number(),
  results: z.array(json),
  started: z.number(),
  finished: z.number(),
}

type SavedGroup = z.infer<z.ZodObject<typeof groupFields>> & { threads: [number, SavedThread][] }
type SavedWait = z.infer<typeof timer> | z.infer<typeof task> | SavedGroup
export type SavedThread = z.infer<z.ZodObject<typeof threadFields>> & { wait?: SavedWait | undefined }

const threadSchema: z.ZodType<SavedThread> = z.object({
  ...threadFields,
  get wait() {
    return z.union([timer, task, groupSchema]).optional()
  },
})
const groupSchema: z.ZodType<SavedGroup> = z.object({
  ...groupFields,
  get threads() {
    return z.array(z.tuple([z.number(), threadSchema]))
  },
})

const recordSchema = z.object({
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  definitionId: z.string(),
  inputText: z.string(),
  startMs: z.number(),
  events: z.array(event),
  tokens: z.array(z.string()),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  stopMs: z.number().exactOptional(),
  output: json.exactOptional(),
  error: z.string().exactOptional(),
  cause: z.string().exactOptional(),
})

export const snapshotSchema = z.object({
  version: z.literal(1),
  definitions: z.record(z.string(), json),
  executions: z.array(z.object({ record: recordSchema, thread: threadSchema.optional() })),
})
export type Snapshot = z.infer<typeof snapshotSchema>

export function takeSnapshot(given: {
  records: Iterable<ExecutionRecord>
  running: ReadonlyMap<string, { execution: Execution; root: Thread }>
}): Snapshot {
  const definitions: Record<string, Json> = {}
  const executions: Snapshot['executions'] = []
  for (const live of given.records) {
    const record = { ...live, events: [...live.events], tokens: [...live.tokens] }
    const found = given.running.get(record.arn)
    if (found === undefined) {
      executions.push({ record })
      continue
    }
    definitions[record.definitionId] = found.execution.machine.definition.source
    executions.push({ record, thread: saveThread(found.root) })
  }
  return { version: 1, definitions, executions }
}

export function compileSaved(snapshot: Snapshot): Map<string, Definition> {
  return new Map(Object.entries(snapshot.definitions).map(([id, source]) => [id, compileDefinition(id, source)]))
}

function saveThread(thread: Thread): SavedThread {
  const { states, state, item, variables, input, enteredMs, attempts, lastEvent, wait } = thread
  const saved = { states: states.id, state: state.name, item, input, enteredMs, attempts, lastEvent }
  return { ...saved, variables: { ...variables }, wait: wait === undefined ? undefined : saveWait(wait) }
}

function saveWait(wait: Wait): SavedWait {
  if (wait.kind !== 'group') return { ...wait }
  const { inputs, items, results, threads, ...rest } = wait
  return {
    ...rest,
    inputs: [...inputs],
    items: items === undefined ? undefined : [...items],
    results: [...results],
    threads: [...threads].map(([index, thread]) => [index, saveThread(thread)]),
  }
}

/** The thread as it stood, not yet waiting: `arm` is told of it and of every thread inside it, outermost first. */
export function loadThread(
  given: { execution: Execution; saved: SavedThread; parent?: Thread['parent'] },
  arm: (thread: Thread, wait: Wait | undefined) => void,
): Thread {
  const { execution, saved, parent } = given
  const states = execution.machine.definition.byId.get(saved.states)
  const state = states?.states.get(saved.state)
  if (states === undefined || state === undefined) throw new Error(`there is no state \`${saved.state}\` to go on with`)
  const { item, input, enteredMs, attempts, lastEvent } = saved
  const standing = { item, input, enteredMs, attempts, lastEvent, variables: createVariables(saved.variables) }
  const thread: Thread = {
    execution,
    states,
    parent,
    state,
    ...standing,
    wait: undefined,
    cancels: [],
    isClosed: false,
  }
  if (saved.wait?.kind === 'group') loadGroup({ thread, saved: saved.wait }, arm)
  else arm(thread, saved.wait)
  return thread
}

function loadGroup(
  { thread, saved }: { thread: Thread; saved: SavedGroup },
  arm: (thread: Thread, wait: Wait | undefined) => void,
): void {
  const group: Wait = { ...saved, items: saved.items, threads: new Map() }
  arm(thread, group)
  for (const [index, inner] of saved.threads) {
    const child = loadThread({ execution: thread.execution, saved: inner, parent: { thread, index } }, arm)
    group.threads.set(index, child)
  }
}
