import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PolicySettings } from '../../../lambda/policy/document.ts'
import { joinSchema } from '../../../lambda/policy/schema.ts'
import { compilePolicySet } from '../../../lambda/policy/load.ts'
import { PolicySetInvalid } from '../../../lambda/policy/problem.ts'
import type { SourceFile } from '../../../lambda/policy/statements.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'
import { fileOf, schema, settings } from './factory.ts'

const permit = 'permit (principal, action == Action::"review", resource)'

function problemsOf(files: SourceFile[], of: PolicySettings = settings): string[] {
  try {
    validatePolicySet({ schema, files }, of)
    return []
  } catch (error) {
    if (!(error instanceof PolicySetInvalid)) throw error
    return error.problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`)
  }
}

function problemsOfText(text: string, of?: PolicySettings): string[] {
  return problemsOf([fileOf(text)], of)
}

describe('a policy set that is refused', () => {
  it.each<[string, string, RegExp]>([
    [
      'a syntax error',
      '// über alles\n@id("a")\n@reason("r")\npermit (principl, action, resource);',
      /:4: .*invalid variable.*principl/,
    ],
    [
      'a missing semicolon',
      '\n@id("a") @reason("r")\npermit (principal, action, resource)',
      /:3: .*unexpected end of input/,
    ],
    ['a template', '@id("a") @reason("r")\npermit (principal in ?principal, action, resource);', /:2: .*template/],
    ['no @id', `\n\n@reason("r")\n${permit};`, /:3: @id\("\.\.\."\) is missing/],
    ['no @reason', `@id("a")\n${permit};`, /:1: @reason\("\.\.\."\) is missing/],
    ['a blank @reason', `@id("a") @reason(" ") ${permit};`, /:1: @reason/],
    ['an @id of another form', `@id("A b") @reason("r") ${permit};`, /:1: @id `A b`: expected lower case/],
    ['a reserved @id', `@id("gatehouse.x") @reason("r") ${permit};`, /:1: @id `gatehouse.x`: ids that begin/],
    ['an @id that every object has', `@id("__proto__") @reason("r") ${permit};`, /:1: @id `__proto__`/],
    [
      'an attribute that does not exist',
      `// é\n@id("a") @reason("${'é'.repeat(40)}")\npermit (principal, action, resource is IotOutgoing)\nwhen { resource.subject\n\n== "x" };`,
      /:4: .*attribute `subject`.*not found/,
    ],
    [
      'an attribute that may be absent',
      `@id("a") @reason("r")\npermit (principal, action, resource is IotOutgoing)\nwhen {\n  resource.message == "x" };`,
      /:4: .*optional attribute `message`/,
    ],
    [
      'an unknown action',
      '@id("a") @reason("r")\npermit (principal, action == Action::"sign", resource);',
      /:2: .*unrecognized action/,
    ],
    [
      'a policy that can never apply',
      '@id("a") @reason("r")\nforbid (principal, action == Action::"accept", resource) when { false };',
      /:1: .*policy is impossible/,
    ],
    [
      'an unknown partner group',
      '@id("a") @reason("r") permit (principal in PartnerGroup::"friends", action, resource);',
      /:1: unknown partner group `friends`: expected one of `partners`/,
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOfText(text)[0]).toMatch(problem)
  })

  it('says all that is wrong, in every file', () => {
    const files = [
      fileOf(`@id("a") ${permit};`, 'one.cedar'),
      fileOf(`@id("b") @reason("r") ${permit};\n@id("a")\n@reason("r") ${permit};\n;`, 'two.cedar'),
    ]
    expect(problemsOf(files)).toEqual([
      expect.stringMatching(/^one.cedar:1: @reason/),
      'two.cedar:2: @id `a` is taken by one.cedar:1',
      expect.stringMatching(/^two.cedar:4: .*unexpected token/),
    ])
  })

  it('names file and line in the message', () => {
    const validate = (): unknown => validatePolicySet({ schema, files: [fileOf(`\n@id("a") ${permit};`)] }, settings)
    expect(validate).toThrow(/^the policies are not valid\n {2}test\.cedar:2: @reason/)
  })

  it('a schema that is wrong, by its own line', () => {
    const broken = { file: 'schema.cedarschema', text: 'entity Account;\nentity Share = { name: Sting };' }
    expect(() => validatePolicySet({ schema: broken, files: [] }, settings)).toThrow(/schema.cedarschema:2: .*Sting/)
  })

  it('the part of a kind that is wrong, by the line of its own file', () => {
    const common = {
      file: 'schema.cedarschema',
      text: 'entity Account;\naction accept appliesTo { principal: Account, resource: [EveryKind] };\n',
    }
    const partOf = (kind: string, text: string): Parameters<typeof joinSchema>[1][number] => {
      return { spec: { kind }, source: { file: `${kind}/facts.cedarschema`, text } }
    }
    const kinds = [
      partOf('a-share', 'entity AShare;\n'),
      partOf('some-thing', '// what it is\nentity SomeThing = { name: Sting };\n'),
    ]
    const validate = (): unknown => validatePolicySet({ schema: joinSchema(common, kinds), files: [] }, settings)
    expect(validate).toThrow(/ some-thing\/facts\.cedarschema:2: .*Sting/)
  })

  it('a folder without a schema', () => {
    expect(() => compilePolicySet(mkdtempSync(join(tmpdir(), 'policies-')), settings)).toThrow(/the schema is missing/)
  })
})

describe('the organization in policies', () => {
  const withOrganization = { ...settings, organizationId: 'o-1' }
  const annotated = '@id("a") @reason("r") permit'
  const uses = [
    `${annotated} (principal in Organization::"o-1", action, resource);`,
    `${annotated} (principal, action, resource) when { resource.organization == "inside" };`,
    `${annotated} (principal, action, resource) when { resource["organization"] == "inside" };`,
    `${annotated} (principal, action, resource) unless { principal in [Organization::"o-1"] };`,
    `${annotated} (principal in OrganizationalUnit::"ou-ab12-c3d4e5f6", action, resource);`,
    `@id("a") @reason("r") forbid (principal is Account in OrganizationalUnit::"r-ab12", action, resource);`,
    `${annotated} (principal, action, resource) unless { principal in [OrganizationalUnit::"ou-ab12-c3d4e5f6"] };`,
  ]

  it.each(uses)('is refused where none is configured: %s', (text) => {
    expect(problemsOfText(text)).toEqual([
      'test.cedar:1: speaks of the organization, but no `organization` is configured',
    ])
  })

  it.each(uses)('may be used where one is configured: %s', (text) => {
    expect(problemsOfText(text, withOrganization)).toEqual([])
  })

  it('has to be the one that is configured', () => {
    expect(
      problemsOfText(`${annotated} (principal in Organization::"o-2", action, resource);`, withOrganization),
    ).toEqual(['test.cedar:1: unknown organization `o-2`: expected `o-1`'])
  })

  it.each(['ou-1', 'Production', 'ou-ab12-C3D4E5F6', 'o-1'])('has no unit `%s`: that would never apply', (id) => {
    expect(
      problemsOfText(`${annotated} (principal in OrganizationalUnit::"${id}", action, resource);`, withOrganization),
    ).toEqual([expect.stringContaining(`\`${id}\` is no organizational unit`)])
  })
})

describe('accounts in policies', () => {
  const naming = (id: string): string =>
    `\n@id("a") @reason("r") forbid (principal, action, resource) when { [Account::"${id}"].contains(principal) };`

  it.each(['1234', '44445555666', '4444-5555-6666', '444455556666 ', '４４４４５５５５６６６６', 'Unknown', ''])(
    'has to be one that there can be: `%s`',
    (id) => {
      expect(problemsOfText(naming(id))).toContain(
        `test.cedar:2: \`${id}\` is no account: expected 12 digits, or \`unknown\``,
      )
    },
  )

  it.each(['444455556666', 'unknown'])('may be `%s`', (id) => {
    expect(problemsOfText(naming(id))).toEqual([])
  })
})

describe('a policy set that is accepted', () => {
  it('keeps semicolons and comment marks in strings', () => {
    const text = `// first; second\n@id("a") @reason("as \\"they\\"; say // so") ${permit}; // end;\n`
    expect(validatePolicySet({ schema, files: [fileOf(text)] }, settings)).toMatchObject({
      policies: { a: `@id("a") @reason("as \\"they\\"; say // so") ${permit};` },
      reasons: { a: 'as "they"; say // so' },
    })
  })

  it('may be empty', () => {
    expect(validatePolicySet({ schema, files: [] }, settings)).toMatchObject({ policies: {}, reasons: {} })
  })
})

describe('the digest', () => {
  const [one, two] = [`@id("a") @reason("r") ${permit};`, `@id("b") @reason("r") ${permit};`]
  const digestOf = (files: SourceFile[], of = settings): string => validatePolicySet({ schema, files }, of).digest
  const before = digestOf([fileOf(one, 'one.cedar'), fileOf(two, 'two.cedar')])

  it('is the same whatever the files, their order and the comments between policies', () => {
    expect(digestOf([fileOf(`// why\n${two}\n\n// why not\n${one}`)])).toBe(before)
  })

  it('is the same with line ends of Windows', () => {
    const common = readFileSync('policies/schema.cedarschema', 'utf8')
    const dir = mkdtempSync(join(tmpdir(), 'policies-'))
    writeFileSync(join(dir, 'schema.cedarschema'), common.replaceAll('\n', '\r\n'))
    writeFileSync(join(dir, 'both.cedar'), `${one}\r\n${two}\r\n`)
    expect(compilePolicySet(dir, settings).digest).toBe(before)
  })

  it('is the same whatever the order of the accounts in a group', () => {
    const of = (accounts: string[]): string =>
      digestOf([fileOf(one)], { ...settings, partners: { partners: accounts } })
    expect(of(['222222222222', '333333333333'])).toBe(of(['333333333333', '222222222222', '222222222222']))
  })

  it.each<[string, () => string]>([
    ['a policy', () => digestOf([fileOf(one), fileOf(two.replace('"r"', '"s"'))])],
    ['a partner group', () => digestOf([fileOf(one), fileOf(two)], { ...settings, partners: { partners: [] } })],
    ['the organization', () => digestOf([fileOf(one), fileOf(two)], { ...settings, organizationId: 'o-1' })],
  ])('differs with %s', (_, digest) => {
    expect(digest()).not.toBe(before)
  })
})
