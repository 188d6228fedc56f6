/** Published as ES modules only, so jest has to transform them. */
const esmOnly = ['uuid', 'canonicalize', 'jose', 'openid-client', 'oauth4webapi', '@hono/node-server']

/** @type {import('jest').Config} */
const config = {
  testEnvironment: 'node',
  // Jest leaves one core of them free; on two cores that would be one test file at a time.
  maxWorkers: '100%',
  // Two cores that also run other things: a test that waits for nothing must not fail by the clock.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/browser/',
    '<rootDir>/test/aws-cli/',
    '\\.run\\.test\\.ts$',
  ],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.gatehouse'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // It exports itself to `import` only, which jest turns into `require`.
  moduleNameMapper: { '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  setupFiles: ['<rootDir>/test/setup.ts'],
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
}

export default config
