import { heartbeatTimeoutError, StateError, timeoutError } from '../errors.ts'
import type { Thread, Wait } from '../execution.ts'
import type { Host, Signal } from './host.ts'
import { taskEvent } from './task-events.ts'

type TaskWait = Extract<Wait, { kind: 'task' }>

/** Makes the thread wait, and sets the timers that end the wait. Also used for a wait that was saved. */
export function startWait(host: Host, thread: Thread, wait: Wait): void {
  thread.wait = wait
  if (wait.kind === 'timer' && wait.dueMs <= host.clock.now()) settle(host, thread, signalAfter(wait))
  else if (wait.kind === 'timer') {
    const cancel = host.clock.at(wait.dueMs, () => {
      settle(host, thread, signalAfter(wait))
    })
    thread.cancels.push(cancel)
  }
  if (wait.kind === 'task') startTaskWait(host, thread, wait)
}

function signalAfter(wait: Extract<Wait, { kind: 'timer' }>): Signal {
  return wait.then === 'done' ? { kind: 'done', result: undefined } : { kind: 'begin' }
}

function startTaskWait(host: Host, thread: Thread, wait: TaskWait): void {
  if (wait.token !== undefined) host.tokens.open(wait.token, thread)
  if (wait.timeoutAtMs !== undefined) {
    const cancel = host.clock.at(wait.timeoutAtMs, () => {
      timeOut(host, thread, timeoutError)
    })
    thread.cancels.push(cancel)
  }
  watchHeartbeat(host, thread, wait)
}

/** A heartbeat only moves the moment; the timer looks at it when it fires. */
function watchHeartbeat(host: Host, thread: Thread, wait: TaskWait): void {
  if (wait.heartbeatAtMs === undefined) return
  const cancel = host.clock.at(wait.heartbeatAtMs, () => {
    const isAlive = wait.heartbeatAtMs !== undefined && wait.heartbeatAtMs > host.clock.now()
    if (isAlive) watchHeartbeat(host, thread, wait)
    else timeOut(host, thread, heartbeatTimeoutError)
  })
  thread.cancels.push(cancel)
}

export function beat(host: Host, thread: Thread): void {
  const { wait } = thread
  if (wait?.kind === 'task' && wait.heartbeatMs !== undefined) wait.heartbeatAtMs = host.clock.now() + wait.heartbeatMs
}

function timeOut(host: Host, thread: Thread, name: string): void {
  const error = new StateError(name, '')
  settle(host, thread, { kind: 'failed', error, event: taskEvent(thread, 'TaskTimedOut', { error: name }) })
}

/** Ends the wait and lets the thread go on. */
export function settle(host: Host, thread: Thread, signal: Signal): void {
  endWait(host, thread)
  host.resume(thread, signal)
}

export function endWait(host: Host, thread: Thread): void {
  const { wait } = thread
  if (wait === undefined) return
  for (const cancel of thread.cancels) cancel()
  if (thread.cancels.length > 0) thread.cancels = []
  if (wait.kind === 'task' && wait.token !== undefined) host.tokens.close(wait.token)
  if (wait.kind === 'group') for (const child of wait.threads.values()) closeThread(host, child)
  thread.wait = undefined
}

/** The thread and all inside it stop where they are. */
export function closeThread(host: Host, thread: Thread): void {
  thread.isClosed = true
  endWait(host, thread)
}
