import * as z from 'zod'
import type { DataFolder } from './data-folder.ts'
import type { Runtime } from './runtime.ts'

const savedSchema = z.object({
  version: z.literal(1),
  clockOffsetMs: z.number(),
  /** By the name of the service's model: certificates, shares, queues, mail, … */
  services: z.record(z.string(), z.unknown()),
  executions: z.unknown(),
  slack: z.unknown().optional(),
})
export type SavedState = z.infer<typeof savedSchema>

export function loadState(folder: DataFolder): SavedState | undefined {
  const saved = folder.load()
  return saved === undefined ? undefined : savedSchema.parse(saved)
}

export function saveState(folder: DataFolder, { services, engine, clock, slack }: Runtime): void {
  const state: SavedState = {
    version: 1,
    clockOffsetMs: clock.offsetMs,
    services: Object.fromEntries(services.map((service) => [service.model, service.snapshot?.()])),
    executions: engine.snapshot(),
    slack: slack?.workspace.snapshot(),
  }
  folder.save(state)
}

export function restoreState({ services, engine, slack }: Runtime, saved: SavedState): void {
  for (const service of services) {
    const state = saved.services[service.model]
    if (state !== undefined) service.restore?.(state)
  }
  if (saved.slack !== undefined) slack?.workspace.restore(saved.slack)
  engine.restore(saved.executions)
}
