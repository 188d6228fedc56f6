import type { Target } from '../../../../lambda/domain/offer.ts'
import { createPace } from '../../../../lambda/handlers/scan/pace.ts'

const target: Target = { kind: 'ram-invitation', account: '111111111111', region: 'eu-central-1' }

function paceOf(perSecond: number): { wait: (at?: Target) => number; advance: (ms: number) => void } {
  let nowMs = 1_000_000
  const pace = createPace(perSecond, () => nowMs)
  return {
    wait: (at = target) => pace(at),
    advance: (ms) => {
      nowMs += ms
    },
  }
}

test('gives each second so many starts, counted for each target', () => {
  const { wait } = paceOf(2)
  expect([wait(), wait(), wait(), wait(), wait()]).toEqual([0, 0, 1, 1, 2])
  expect(wait({ ...target, kind: 'iot-transfer' })).toBe(0)
})

test('makes nobody wait while the scan itself takes its time', () => {
  const { wait, advance } = paceOf(2)
  const waits = Array.from({ length: 6 }, () => {
    advance(500)
    return wait()
  })
  expect(waits).toEqual([0, 0, 0, 0, 0, 0])
})

test('does not save up what a slow second left', () => {
  const { wait, advance } = paceOf(2)
  wait()
  advance(10_000)
  expect([wait(), wait(), wait()]).toEqual([0, 0, 1])
})

test('goes on from the seconds that are given away already', () => {
  const { wait, advance } = paceOf(1)
  expect([wait(), wait(), wait()]).toEqual([0, 1, 2])
  advance(1_500)
  expect([wait(), wait()]).toEqual([2, 3])
})
