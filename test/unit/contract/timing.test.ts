import {
  runBackoffMs,
  runBackoffSeconds,
  settleFunctionSeconds,
  settleLeaseSeconds,
  settleTaskSeconds,
} from '../../../lambda/contract/timing.ts'

describe('one settling attempt at a time', () => {
  test('a settling function is over before its task, and its task before the lease', () => {
    expect(settleFunctionSeconds).toBeLessThan(settleTaskSeconds)
    expect(settleTaskSeconds).toBeLessThan(settleLeaseSeconds)
  })

  test('no next run starts inside the lease', () => {
    for (let failures = 0; failures < 20; failures += 1) {
      expect(runBackoffMs(failures)).toBeGreaterThanOrEqual(settleLeaseSeconds * 1000)
      expect(runBackoffMs(failures)).toBeLessThanOrEqual(runBackoffSeconds.most * 1000)
    }
  })
})
