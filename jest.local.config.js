import base from './jest.config.js'

// Whole runs of the app, with a thread for each function.
/** @type {import('jest').Config} */
const config = {
  ...base,
  testMatch: ['<rootDir>/test/**/*.run.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
}

export default config
