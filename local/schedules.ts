import type { ScheduleSpec } from './assembly/specs.ts'
import type { Cancel, LocalClock } from './clock.ts'
import type { Delivery } from './targets.ts'

/** Fires each schedule at its rate, by the local clock; the first time one interval after `start`. */
export function startSchedules(options: {
  schedules: readonly ScheduleSpec[]
  clock: LocalClock
  deliver: (delivery: Delivery) => void
}): Cancel {
  const { schedules, clock, deliver } = options
  const cancels = new Map<string, Cancel>()

  function arm(schedule: ScheduleSpec, dueMs: number): void {
    const fire = (): void => {
      arm(schedule, dueMs + schedule.everyMs)
      const { arn: sourceArn, roleArn, targetArn, input: body } = schedule
      deliver({ by: { service: 'scheduler.amazonaws.com', sourceArn, roleArn }, targetArn, body })
    }
    cancels.set(schedule.id, clock.at(dueMs, fire))
  }

  for (const schedule of schedules) arm(schedule, clock.now() + schedule.everyMs)
  return () => {
    for (const cancel of cancels.values()) cancel()
  }
}
