import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import type { Standing } from '../../../lambda/domain/facts.ts'
import type { LookUp } from '../../../lambda/kinds/standing.ts'
import { Standings } from '../../../lambda/kinds/standings.ts'
import { partner } from '../../support/kinds.ts'

const organizationId = 'o-example123'
const [root, workloads, production] = ['r-ab12', 'ou-ab12-aaaaaaaa', 'ou-ab12-bbbbbbbb']

type Answer = () => unknown
const fails = (name: string) => (): never => {
  throw Object.assign(new Error('said AWS'), { name })
}
const accountOf =
  (organization: string): Answer =>
  () => ({
    Account: { Arn: `arn:aws:organizations::111111111111:account/${organization}/${partner}`, Name: 'Logistics' },
  })
const parent =
  (Id: string): Answer =>
  () => ({ Parents: [{ Id, Type: Id.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] })
const named =
  (Name: string): Answer =>
  () => ({ OrganizationalUnit: { Name } })

/** What AWS answers, by operation and the id that is asked about. */
const inside: Record<string, Answer> = {
  [`DescribeAccount ${partner}`]: accountOf(organizationId),
  [`ListParents ${partner}`]: parent(production),
  [`ListParents ${production}`]: parent(workloads),
  [`ListParents ${workloads}`]: parent(root),
  [`DescribeOrganizationalUnit ${production}`]: named('Production'),
  [`DescribeOrganizationalUnit ${workloads}`]: named('Workloads'),
}

class Lookups {
  calls: string[] = []
  nowMs = 0
  readonly answers: Record<string, Answer>
  readonly #standings: Standings

  constructor(answers: Record<string, Answer> = {}) {
    this.answers = { ...inside, ...answers }
    const send = async (command: {
      constructor: { name: string }
      input: Record<string, string>
    }): Promise<unknown> => {
      const call = `${command.constructor.name.replace('Command', '')} ${Object.values(command.input)[0]}`
      this.calls.push(call)
      return this.answers[call]!()
    }
    const organizations = { send } as unknown as OrganizationsClient
    this.#standings = new Standings({ organizations, organizationId, nowMs: () => this.nowMs })
  }

  async lookUp(how: Partial<LookUp> = {}, account: string | null = partner): Promise<Standing> {
    return await this.#standings.for({ fresh: false, named: true, ...how })(account)
  }

  /** The calls since the last time. */
  taken(): string[] {
    return this.calls.splice(0)
  }
}

describe('where an account stands', () => {
  it('is in its OUs, the nearest first, and in words from the root down', async () => {
    expect(await new Lookups().lookUp()).toEqual({
      membership: 'inside',
      path: [production, workloads, root],
      unit: 'Root / Workloads / Production',
      accountName: 'Logistics',
    })
  })

  it.each<[string, Answer, string]>([
    ['outside where Organizations does not know it', fails('AccountNotFoundException'), 'outside'],
    ['unknown where the hub is in another organization than configured', accountOf('o-other45678'), 'unknown'],
    ['unknown where the answer is empty', () => ({}), 'unknown'],
    ['unknown where the lookup is refused', fails('AccessDeniedException'), 'unknown'],
    ['unknown where there is no organization', fails('AWSOrganizationsNotInUseException'), 'unknown'],
    ['unknown where the service fails', fails('ServiceException'), 'unknown'],
  ])('is %s', async (_what, answer, membership) => {
    const lookups = new Lookups({ [`DescribeAccount ${partner}`]: answer })
    expect(await lookups.lookUp()).toEqual({ membership, path: null, unit: null, accountName: null })
  })

  it.each<[string, string, Answer]>([
    ['is refused', partner, fails('AccessDeniedException')],
    ['fails higher up', workloads, fails('ServiceException')],
    ['answers nothing', production, () => ({ Parents: [] })],
    ['answers another form', production, parent('elsewhere')],
    ['never ends', workloads, parent(production)],
    ['says that it has just left', partner, fails('ChildNotFoundException')],
  ])('is inside, nobody knows where, where the path %s', async (_what, child, answer) => {
    const standing = await new Lookups({ [`ListParents ${child}`]: answer }).lookUp()
    expect(standing).toMatchObject({ membership: 'inside', path: null, unit: null })
  })

  it('names an OU by its id where its name cannot be had, be it for throttling', async () => {
    const lookups = new Lookups({
      [`DescribeOrganizationalUnit ${production}`]: fails('TooManyRequestsException'),
      [`DescribeOrganizationalUnit ${workloads}`]: fails('AccessDeniedException'),
    })
    expect(await lookups.lookUp()).toMatchObject({ unit: `Root / ${workloads} / ${production}` })
  })

  it('is unknown of nobody, without a call', async () => {
    const lookups = new Lookups()
    expect(await lookups.lookUp({}, null)).toMatchObject({ membership: 'unknown' })
    expect(lookups.taken()).toEqual([])
  })

  it.each(['DescribeAccount', 'ListParents'])('waits where %s is throttled', async (operation) => {
    const lookups = new Lookups({ [`${operation} ${partner}`]: fails('TooManyRequestsException') })
    await expect(lookups.lookUp()).rejects.toMatchObject({ name: 'ServiceThrottled' })
  })
})

describe('lookups that are kept', () => {
  it('serve five minutes, and all that ask at once', async () => {
    const lookups = new Lookups()
    await Promise.all([lookups.lookUp(), lookups.lookUp()])
    expect(lookups.taken()).toHaveLength(6)
    lookups.nowMs = 5 * 60_000 - 1
    await lookups.lookUp()
    expect(lookups.taken()).toEqual([])
    lookups.nowMs += 1
    await lookups.lookUp()
    expect(lookups.taken()).toHaveLength(6)
  })

  it('do not serve who asks afresh: the account itself is asked about, its OUs are not', async () => {
    const lookups = new Lookups()
    await lookups.lookUp()
    lookups.taken()
    lookups.answers[`ListParents ${partner}`] = parent(workloads)
    expect(await lookups.lookUp({ fresh: true, named: false })).toMatchObject({ path: [workloads, root], unit: null })
    expect(lookups.taken()).toEqual([`DescribeAccount ${partner}`, `ListParents ${partner}`])
  })

  it.each<[string, Answer]>([
    ['DescribeAccount', fails('ServiceException')],
    ['ListParents', fails('ServiceException')],
    ['DescribeAccount', fails('TooManyRequestsException')],
  ])('are not those that failed: %s', async (operation, answer) => {
    const lookups = new Lookups({ [`${operation} ${partner}`]: answer })
    await lookups.lookUp().catch(() => undefined)
    lookups.answers[`${operation} ${partner}`] = inside[`${operation} ${partner}`]!
    expect(await lookups.lookUp()).toMatchObject({ membership: 'inside', path: [production, workloads, root] })
  })

  it('are too old where the clock was set back', async () => {
    const lookups = new Lookups()
    await lookups.lookUp()
    lookups.taken()
    lookups.nowMs = -1
    await lookups.lookUp()
    expect(lookups.taken()).toHaveLength(6)
  })
})
