import { PolicySetInvalid } from '../../../lambda/policy/problem.ts'
import { validatePolicySet } from '../../../lambda/policy/validate.ts'
import { engineOf, fileOf, overflow, requestOf, schema, settings } from './factory.ts'

function review(annotations: string, { id = 'a', when = 'true' } = {}): string {
  return `@id("${id}") @reason("r") ${annotations}
    permit (principal, action == Action::"review", resource is RamInvitation) when { ${when} };`
}

function problemsOf(text: string, of = settings): string[] {
  try {
    validatePolicySet({ schema, files: [fileOf(`// first\n${text}`)] }, of)
    return []
  } catch (error) {
    if (!(error instanceof PolicySetInvalid)) throw error
    return error.problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`)
  }
}

describe('whom a review asks', () => {
  it.each([
    { name: 'nobody named', texts: [review('')], routing: [] },
    { name: 'a group', texts: [review('@approvers("network")')], routing: [{ group: 'network', quorum: 1 }] },
    {
      name: 'a group and its quorum',
      texts: [review('@approvers("network") @quorum("3")')],
      routing: [{ group: 'network', quorum: 3 }],
    },
    {
      name: 'several groups',
      texts: [review('@approvers("security, network,security") @quorum("2")')],
      routing: [
        { group: 'network', quorum: 2 },
        { group: 'security', quorum: 2 },
      ],
    },
    {
      name: 'the default group by its quorum',
      texts: [review('@quorum("2")')],
      routing: [{ group: 'security', quorum: 2 }],
    },
    {
      name: 'each group of several policies, with the larger quorum',
      texts: [
        review('@approvers("network") @quorum("2")'),
        review('@approvers("network, security")', { id: 'b' }),
        review('', { id: 'c' }),
      ],
      routing: [
        { group: 'network', quorum: 2 },
        { group: 'security', quorum: 1 },
      ],
    },
    {
      name: 'only the groups of policies that apply',
      texts: [
        review('@approvers("network")', { when: 'resource.region == "eu-west-1"' }),
        review('@approvers("security")', { id: 'b' }),
      ],
      routing: [{ group: 'security', quorum: 1 }],
    },
    {
      name: 'the groups of a policy that errs: no fact routes around them',
      texts: [review('@approvers("network") @quorum("2")', { when: overflow }), review('', { id: 'b' })],
      routing: [{ group: 'network', quorum: 2 }],
    },
  ])('$name', ({ texts, routing }) => {
    const said = engineOf(texts).judge(requestOf())
    expect(said).toMatchObject({ verdict: 'review', routing })
  })

  it('is said of an accept, too: others than policy may turn it into a review', () => {
    const accept = '@id("x") @reason("r") permit (principal, action == Action::"accept", resource);'
    const said = engineOf([accept, review('@approvers("network")')]).judge(requestOf())
    expect(said).toMatchObject({ verdict: 'accept', routing: [{ group: 'network', quorum: 1 }] })
  })
})

describe('routing that is refused', () => {
  const where = 'test.cedar:2: `a`: '

  it.each([
    ['@approvers("netwrk")', 'unknown group `netwrk`: expected one of `security`, `network`'],
    ['@approvers("network, toString")', 'unknown group `toString`: expected one of `security`, `network`'],
    ['@approvers("network,")', 'unknown group ``: expected one of `security`, `network`'],
    ['@approvers', 'unknown group ``: expected one of `security`, `network`'],
    [
      '@approvers("network") @quorum("4")',
      '@quorum `4` of group `network`: expected at most 3, the number of its approvers',
    ],
    ['@quorum("3")', '@quorum `3` of group `security`: expected at most 2, the number of its approvers'],
    ['@quorum("0")', '@quorum `0`: expected a whole number from 1'],
    ['@quorum("1.5")', '@quorum `1.5`: expected a whole number from 1'],
    ['@quorum("two")', '@quorum `two`: expected a whole number from 1'],
    ['@quorum', '@quorum ``: expected a whole number from 1'],
    ['@approver("network")', 'unknown annotation @approver: expected @approvers or @quorum'],
    ['@Quorum("2")', 'unknown annotation @Quorum: expected @approvers or @quorum'],
  ])('%s', (annotations, problem) => {
    expect(problemsOf(review(annotations))).toEqual([where + problem])
  })

  it('one group of several, by its own number of approvers', () => {
    expect(problemsOf(review('@approvers("network, security") @quorum("3")'))).toEqual([
      `${where}@quorum \`3\` of group \`security\`: expected at most 2, the number of its approvers`,
    ])
  })

  it('a quorum where there is no default group', () => {
    const nobody = { ...settings, groups: {}, defaultGroup: null }
    expect(problemsOf(review('@quorum("1")'), nobody)).toEqual([
      `${where}@quorum names no group, and there is no default group`,
    ])
    expect(problemsOf(review('@approvers("network")'), nobody)).toEqual([
      `${where}unknown group \`network\`: expected one of none`,
    ])
  })

  it.each(['accept', 'reject', 'approve'])('on a policy of `%s`', (action) => {
    const text = `@id("a") @reason("r") @quorum("1") permit (principal, action == Action::"${action}", resource);`
    expect(problemsOf(text)).toEqual([expect.stringContaining(`${where}@approvers and @quorum mean nothing here`)])
  })

  it.each([
    'permit (principal, action, resource);',
    'permit (principal, action in [Action::"review", Action::"accept"], resource);',
    'forbid (principal, action == Action::"review", resource);',
  ])('on %s', (text) => {
    expect(problemsOf(`@id("a") @reason("r") @approvers("network") ${text}`)).toEqual([
      expect.stringContaining(`${where}@approvers and @quorum mean nothing here`),
    ])
  })

  it('not where other annotations say something to other tools', () => {
    expect(problemsOf(review('@owner("network") @advice("call them")'))).toEqual([])
  })
})

describe('the document', () => {
  const routed = { schema, files: [fileOf(review('@approvers("network")') + review('', { id: 'b' }))] }

  it('holds the routes of each policy that has any', () => {
    expect(validatePolicySet(routed, settings).routes).toEqual({ a: [{ group: 'network', quorum: 1 }] })
  })

  it('keeps its digest when people come and go, and changes it with the route', () => {
    const before = validatePolicySet(routed, settings).digest
    const groups = { ...settings.groups, network: { approvers: ['zoe'] } }
    expect(validatePolicySet(routed, { ...settings, groups }).digest).toBe(before)
    const elsewhere = { schema, files: [fileOf(review('@approvers("security")') + review('', { id: 'b' }))] }
    expect(validatePolicySet(elsewhere, settings).digest).not.toBe(before)
  })
})
