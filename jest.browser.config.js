import base from './jest.config.js'

/** @type {import('jest').Config} */
const config = {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
}

export default config
