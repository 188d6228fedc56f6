/** The arrows of docs/architecture.md: each rule names what a folder must not know. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'domain knows no AWS, no clock, no environment, and nothing else of the project',
      severity: 'error',
      from: { path: '^lambda/domain/' },
      to: { pathNot: ['^lambda/domain/', '^node:crypto$', '^crypto$', 'node_modules/(zod|canonicalize)/'] },
    },
    {
      name: 'contract-knows-domain-only',
      severity: 'error',
      from: { path: '^lambda/contract/' },
      to: { path: '^(lambda|lib|local|bin)/', pathNot: '^lambda/(contract|domain)/' },
    },
    {
      name: 'specs-are-data',
      comment: 'every bundle and synth have every spec: no client, nothing of the environment',
      severity: 'error',
      from: { path: '^lambda/kinds/[^/]+/(spec|words)\\.ts$' },
      to: {
        pathNot: [
          '^lambda/domain/',
          '^lambda/kinds/[^/]+/words\\.ts$',
          '^lambda/kinds/(iot-(fields|trail)|kind)\\.ts$',
        ],
      },
    },
    {
      name: 'parts-do-not-know-handlers',
      severity: 'error',
      from: { path: '^lambda/(kinds|ledger|notify|policy|web)/' },
      to: { path: '^lambda/(handlers/|deps\\.ts)' },
    },
    {
      name: 'parts-do-not-know-each-other',
      severity: 'error',
      from: { path: '^lambda/(kinds|ledger|notify|policy|web)/' },
      to: { path: '^lambda/(kinds|ledger|notify|policy|web)/', pathNot: '^lambda/$1/' },
    },
    {
      name: 'lambda-knows-no-build-or-local',
      severity: 'error',
      from: { path: '^lambda/' },
      to: { path: '^(lib|local|bin|test)/' },
    },
    {
      name: 'lib-knows-little-of-lambda',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        path: '^(lambda|local|bin|test)/',
        pathNot: '^lambda/(contract/|domain/|policy/|kinds/register\\.ts)',
      },
    },
    {
      name: 'local-imports-no-lambda',
      severity: 'error',
      from: { path: '^local/', pathNot: '^local/console/' },
      to: { path: '^lambda/' },
    },
    {
      name: 'console-reads-ledger-and-views',
      severity: 'error',
      from: { path: '^local/console/' },
      to: { path: '^lambda/', pathNot: '^lambda/(ledger|web|domain|contract)/' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(bin|lib|lambda|local)/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
