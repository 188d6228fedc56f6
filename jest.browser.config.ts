import type { Config } from 'jest'
import base from './jest.config.ts'

const config: Config = {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
}

export default config
