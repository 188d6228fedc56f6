import type { Thread } from '../execution.ts'
import type { JsonObject } from '../json.ts'
import type { ThreadEvent } from './host.ts'

/** Events of the optimized Lambda integration all name it the same way. */
export function taskEvent(thread: Thread, type: string, detail: JsonObject = {}): ThreadEvent {
  const waitsForToken = thread.state.type === 'Task' && thread.state.waitsForToken
  const resource = waitsForToken ? 'invoke.waitForTaskToken' : 'invoke'
  return { type, detail: { resourceType: 'lambda', resource, ...detail } }
}
