import base from './jest.config.js'

// With the real AWS CLI, where there is one.
/** @type {import('jest').Config} */
const config = {
  ...base,
  testMatch: ['<rootDir>/test/aws-cli/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}

export default config
