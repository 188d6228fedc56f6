import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { IoTClient, RegisterCertificateWithoutCACommand, RejectCertificateTransferCommand } from '@aws-sdk/client-iot'
import { main } from '../../bin/cli/main.ts'
import { makeCertificate } from '../../local/certificates.ts'
import { ControlClient } from '../../local/control-client.ts'
import { answerPage, linkFor } from '../../local/demo/person.ts'
import { clientConfigOf, withClient } from '../../local/partner.ts'

jest.setTimeout(300_000)

interface Ran {
  code: number
  out: string
  err: string
}

const root = resolve(__dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'))
const place = { endpoint: '', consoleUrl: '' }
let stop: () => void
let local: Promise<number>
let halt = (): void => undefined

async function run(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '' }
  ran.code = await main(args, {
    root,
    env,
    out: (text) => {
      ran.out += text
    },
    err: (text) => {
      ran.err += text
    },
    onStop: () => undefined,
  })
  return ran
}

/** The one run that all tests of this file share, as `gatehouse local` starts it; ready when it prints its address. */
beforeAll(async () => {
  const ready = new Promise<string>((printed, failed) => {
    const args = ['local', '--port', '0', '--console-port', '0', '--data', folder, '--json']
    local = main(args, {
      root,
      env: {},
      out: printed,
      err: (text) => {
        failed(new Error(text))
      },
      onStop: (stopper) => {
        stop = stopper
      },
    })
  })
  Object.assign(place, JSON.parse(await ready))
  await untilOffers()
})

afterAll(async () => {
  stop()
  expect(await local).toBe(0)
  rmSync(folder, { recursive: true, force: true })
})

/** The first offers are made after the address is printed; a sweep answers when everything is at rest. */
async function untilOffers(): Promise<void> {
  for (;;) {
    const rows = JSON.parse((await run(['offers', 'list', '--json', '--endpoint', place.endpoint])).out)
    if (rows.length === 5 && rows.every((row: { verdict: unknown }) => row.verdict !== null)) break
    await fetch(`${place.endpoint}/_local/sweep`, { method: 'POST' })
  }
  await fetch(`${place.endpoint}/_local/sweep`, { method: 'POST' })
}

describe('offers', () => {
  test('list --json has one row an offer, null where there is nothing', async () => {
    const { code, out, err } = await run(['offers', 'list', '--json', '--endpoint', place.endpoint])

    const rows = JSON.parse(out)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(Object.keys(rows[0])).toEqual([
      'id',
      'kind',
      'account',
      'region',
      'counterparty',
      'status',
      'verdict',
      'deadline',
      'outcome',
    ])
    const waiting = rows.find((row: { kind: string }) => row.kind === 'iam-delegation')
    expect(waiting).toMatchObject({ status: 'awaiting-approval', verdict: 'review', outcome: null })
    expect(new Date(waiting.deadline).toISOString()).toBe(waiting.deadline)
  })

  test('list without --json is a table; the endpoint may come from the environment', async () => {
    const { code, out } = await run(['offers', 'list'], { AWS_ENDPOINT_URL: `${place.endpoint}/` })

    expect(code).toBe(0)
    expect(out.split('\n')[0]).toMatch(/^ID +ACCOUNT +REGION +COUNTERPARTY +STATUS +VERDICT +DEADLINE +OUTCOME$/)
    expect(out).toMatch(/iot-outgoing-\w{32} +111111111111 +us-east-1 +555566667777 +closed +reject +\S+ +REJECTED/)
  })

  test('show --json adds facts, policies, votes and events', async () => {
    const id = await idOf('iot-outgoing')

    const { code, out } = await run(['offers', 'show', id, '--json', '--endpoint', place.endpoint])

    const offer = JSON.parse(out)
    expect(code).toBe(0)
    expect(offer).toMatchObject({ id, kind: 'iot-outgoing', outcome: 'REJECTED', votes: [] })
    expect(offer.facts.counterparty).toBe('555566667777')
    expect(offer.policies.map((policy: { id: string }) => policy.id)).toEqual(['iot.cancel-unexplained-outgoing'])
    expect(offer.events.map((event: { type: string }) => event.type)).toEqual(
      expect.arrayContaining(['detected', 'inspected', 'judged', 'attempted', 'settled', 'closed']),
    )
  })

  test('show is for reading: facts, the quoted words of the other side, events', async () => {
    const { out } = await run(['offers', 'show', await idOf('iam-delegation'), '--endpoint', place.endpoint])

    expect(out).toMatch(/^Delegation request\n/)
    expect(out).toContain('"Needed for the onboarding on Monday"')
    expect(out).toContain('iam.review-delegations')
    expect(out).toMatch(/workflow +People were asked; alice, bob/)
  })

  test.each([
    [['offers', 'show', 'nonsense'], /^gatehouse: expected the id of an offer/],
    [['offers', 'show', `iot-transfer-${'0'.repeat(32)}`], /^gatehouse: no offer `iot-transfer-0+` on the ledger\n$/],
  ])('%p fails with one line', async (args, line) => {
    const { code, out, err } = await run([...args, '--endpoint', place.endpoint])

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(line)
  })

  test.each([
    ['http://127.0.0.1:1', 1, /nothing answers at http:\/\/127\.0\.0\.1:1: start it/],
    ['not a url', 2, /Expected an endpoint such as/],
    ['ftp://127.0.0.1', 2, /Expected an endpoint such as/],
  ])('%s is no endpoint', async (endpoint, expected, line) => {
    const { code, err } = await run(['offers', 'list', '--endpoint', endpoint])

    expect(code).toBe(expected)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).toMatch(line)
  })
})

test('an environment that names no endpoint is said so', async () => {
  const { code, err } = await run(['offers', 'list'], { AWS_ENDPOINT_URL: 'nowhere' })

  expect({ code, err }).toEqual({
    code: 1,
    err: 'gatehouse: expected AWS_ENDPOINT_URL to be an endpoint, got `nowhere`\n',
  })
})

describe('local', () => {
  test('a folder that another run works on is refused', async () => {
    const { code, err } = await run(['local', '--port', '0', '--console-port', '0', '--data', folder])

    expect(code).toBe(1)
    expect(err).toMatch(/^gatehouse: the data folder `.*` is in use by process \d+/)
  })

  test('a port that is taken is named', async () => {
    const { port } = new URL(place.endpoint)
    const data = join(folder, 'other')

    const { code, err } = await run(['local', '--port', port, '--console-port', '0', '--data', data])

    expect({ code, err }).toEqual({ code: 1, err: `gatehouse: port ${port} is in use: choose another one\n` })
  })

  test('a fresh folder stays empty with --no-sample, and a stop says what was kept', async () => {
    const data = join(folder, 'empty')
    let out = ''
    const code = await main(['local', '--port', '0', '--console-port', '0', '--data', data, '--no-sample'], {
      root,
      env: {},
      out: (text) => {
        out += text
        if (out.includes('Ctrl-C')) halt()
      },
      err: () => undefined,
      onStop: (stopper) => {
        halt = stopper
      },
    })

    expect(code).toBe(0)
    expect(out).toContain('export AWS_ACCESS_KEY_ID=444455556666')
    expect(out).not.toContain('sample offers')
    expect(out).toContain(`Saved in ${data}`)
    expect(existsSync(join(data, 'state.json'))).toBe(true)
    expect(existsSync(join(data, 'app', 'manifest.json'))).toBe(true)
  })

  test('the console answers beside the approval pages', async () => {
    const page = await (await fetch(place.consoleUrl)).text()
    const approval = await fetch(`${place.consoleUrl}/a/no-such-token`)

    expect(page).toContain('Delegation request')
    expect(approval.status).toBe(404)
    expect(await approval.text()).not.toContain('Gatehouse console')
  })
})

test('policy schema prints what policies can speak of, of every kind', async () => {
  const { code, out } = await run(['policy', 'schema'])
  expect(code).toBe(0)
  expect(out).toMatch(
    /resource: \[IamDelegation, IotOutgoing, IotSend, IotTransfer, RamInvitation\][^]*entity IamDelegation = /,
  )
})

describe('policy test', () => {
  test('names each case and what decided it', async () => {
    const { code, out } = await run(['policy', 'test'])

    expect(code).toBe(0)
    expect(out).toMatch(/ok +accept\/partner-shares-subnet +ram\.accept-network-from-partners +-\n/)
    expect(out).toMatch(/\d+ cases, all as expected\.\n$/)
  })

  test('--json has the whole report', async () => {
    const report = JSON.parse((await run(['policy', 'test', '--json'])).out)

    expect(report).toMatchObject({ passed: true })
    expect(report.results[0]).toHaveProperty('policies')
  })
})

describe('scans', () => {
  test('tell when each place was last listed', async () => {
    const { code, out } = await run(['scans', '--json', '--endpoint', place.endpoint])
    const scans = JSON.parse(out) as Record<string, unknown>[]
    expect(code).toBe(0)
    expect(scans.map(({ kind }) => kind).sort()).toEqual(expect.arrayContaining(['iam-delegation', 'ram-invitation']))
    for (const scan of scans)
      expect(scan).toMatchObject({ lastComplete: expect.stringMatching(/Z$/), failing: false, lastFailure: null })
  })

  test('are a table for people', async () => {
    const { out } = await run(['scans', '--endpoint', place.endpoint])
    expect(out).toMatch(/^ACCOUNT +REGION +KIND +LAST COMPLETE +AGE +PENDING +LAST FAILURE +UNDER WAY\n/)
    expect(out).toMatch(/^111111111111 +us-east-1 +ram-invitation +\S+Z +.+ +\d+ +- +-$/m)
  })
})

describe('what people ask for', () => {
  const endpoint = (): string[] => ['--endpoint', place.endpoint]

  test('a transfer is a case before anything is sent; the same again is the same one', async () => {
    const certificateId = await certificate()
    const args = ['transfer', certificateId, '--to', '444455556666', '--message', 'as agreed', '--json', ...endpoint()]
    const asked = JSON.parse((await run(args)).out)
    expect(asked).toEqual({ result: 'asked', offerId: expect.stringMatching(/^iot-send-[0-9a-f]{32}$/) })
    expect(JSON.parse((await run(args)).out)).toEqual({ ...asked, result: 'standing' })
  })

  test('a governed transfer is watched to its end, and both of its cases say how it ended', async () => {
    const certificateId = await certificate()
    const args = ['transfer', certificateId, '--to', '444455556666', '--message', 'for Graz', '--json', ...endpoint()]
    const { offerId } = JSON.parse((await run(args)).out) as { offerId: string }
    const control = new ControlClient(place.endpoint)
    await control.sweep()
    const link = linkFor(await control.mails(), { offerId, approver: 'alice' })
    await answerPage(link, { choice: 'accept', comment: '', digits: '6666' })
    // The first answers when it is sent, the second finds it.
    await control.sweep()
    await control.sweep()
    const back = new RejectCertificateTransferCommand({ certificateId, rejectReason: 'not <ours>' })
    await asAccount('444455556666', (iot) => iot.send(back))
    await control.sweep()

    const show = async (id: string): Promise<string> => (await run(['offers', 'show', id, ...endpoint()])).out
    const request = JSON.parse((await run(['offers', 'show', offerId, '--json', ...endpoint()])).out)
    expect(request).toMatchObject({
      outcome: 'WITHDRAWN',
      ending: { how: 'rejected', reason: 'not <ours>' },
      linked: { kind: 'iot-outgoing', status: 'closed', outcome: 'LEFT' },
    })
    const ended = /^Ended +The other account sent the certificate back\. It says: "not <ours>"$/m
    expect(await show(offerId)).toMatch(ended)
    expect(await show(offerId)).toMatch(/^Outgoing certificate transfer +iot-outgoing-[0-9a-f]{32}: LEFT$/m)
    expect(await show(request.linked.id)).toMatch(ended)
    expect(await show(request.linked.id)).toMatch(
      new RegExp(`^Request to transfer a certificate +${offerId}: WITHDRAWN$`, 'm'),
    )
    const page = await (await fetch(`${place.consoleUrl}/offers/${request.linked.id}`)).text()
    expect(page).toContain(`href="/offers/${offerId}"`)
    expect(page).toContain('The other account sent the certificate back. It says: <q><bdi>not &lt;ours&gt;</bdi></q>')
  })

  test('a transfer that AWS would not begin is refused with the reason', async () => {
    const args = ['transfer', '0'.repeat(64), '--to', '444455556666', '--message', 'as agreed', ...endpoint()]
    expect(await run(args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no such certificate') })
  })

  test('an id of no delegation request, and an accept that is not held, are refused', async () => {
    const intake = await run(['offers', 'intake', 'no such id', ...endpoint()])
    expect(intake).toMatchObject({ code: expect.any(Number), out: '' })
    expect(intake.code).not.toBe(0)
    const revoke = ['offers', 'revoke', await idOf('iam-delegation'), '--comment', 'not yet', ...endpoint()]
    const { code, err } = await run(revoke)
    expect({ code, said: err !== '' }).toEqual({ code: 1, said: true })
  })
})

async function certificate(): Promise<string> {
  const { pem } = await makeCertificate({ commonName: 'pump-7', days: 30 })
  const command = new RegisterCertificateWithoutCACommand({ certificatePem: pem, status: 'INACTIVE' })
  const { certificateId = '' } = await asAccount('111111111111', (iot) => iot.send(command))
  return certificateId
}

async function asAccount<T>(account: string, act: (iot: IoTClient) => Promise<T>): Promise<T> {
  return await withClient(
    new IoTClient(clientConfigOf({ endpoint: place.endpoint, region: 'us-east-1' }, account)),
    act,
  )
}

describe('usage', () => {
  test.each(
    [
      [],
      ['offers'],
      ['nonsense'],
      ['offers', 'show'],
      ['offers', 'list', '--nonsense'],
      ['local', '--port', 'http'],
      ['local', '--port', '65536'],
      ['offers', 'list', 'too', 'many'],
    ].map((args) => [args]),
  )('%p is wrong usage', async (args) => {
    const { code, out, err } = await run(args)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).not.toBe('')
  })

  test.each([
    ['--help'],
    ['local', '--help'],
    ['offers', '--help'],
    ['offers', 'list', '--help'],
    ['policy', 'test', '-h'],
  ])('%s %s explains itself', async (...args) => {
    const { code, out, err } = await run(args)

    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('Usage: gatehouse')
  })
})

async function idOf(kind: string): Promise<string> {
  const rows = JSON.parse((await run(['offers', 'list', '--json', '--endpoint', place.endpoint])).out)
  return rows.find((row: { kind: string }) => row.kind === kind).id
}
