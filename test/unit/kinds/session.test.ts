import type { AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts'
import { createSessions } from '../../../lambda/kinds/session.ts'
import type { Sessions } from '../../../lambda/kinds/session.ts'
import { us } from '../../support/kinds.ts'

const startMs = Date.parse('2026-11-20T10:00:00Z')
const hourMs = 3_600_000
const worker = {
  account: us,
  role: 'gatehouse-acceptor',
  tags: { offerId: `ram-invitation-${'0'.repeat(32)}`, run: 2 },
} as const
const reader = { account: us, role: 'gatehouse-reader' } as const

function start(answers: (() => unknown)[] = []): {
  sessions: Sessions
  inputs: AssumeRoleCommandInput[]
  clock: { ms: number }
} {
  const inputs: AssumeRoleCommandInput[] = []
  const clock = { ms: startMs }
  const send = async ({ input }: { input: AssumeRoleCommandInput }): Promise<unknown> => {
    inputs.push(input)
    const Expiration = new Date(clock.ms + hourMs)
    const AccessKeyId = `ASIA${String(inputs.length).padStart(12, '0')}`
    const answer = answers.shift()
    return answer ? answer() : { Credentials: { AccessKeyId, SecretAccessKey: 's', SessionToken: 't', Expiration } }
  }
  const sts = { send } as unknown as STSClient
  return { sessions: createSessions({ sts, nowMs: () => clock.ms }), inputs, clock }
}

describe('sessions in the accounts of offers', () => {
  it('names the offer in the tags and the name of a worker session, each time anew', async () => {
    const { sessions, inputs } = start()
    await sessions.credentialsFor(worker)
    await sessions.credentialsFor(worker)
    expect(inputs).toHaveLength(2)
    expect(inputs[0]).toEqual({
      RoleArn: `arn:aws:iam::${us}:role/gatehouse-acceptor`,
      RoleSessionName: `ram-invitation-${'0'.repeat(32)}-2`,
      ExternalId: 'gatehouse',
      DurationSeconds: 900,
      Tags: [
        { Key: 'gatehouse:offer', Value: `ram-invitation-${'0'.repeat(32)}` },
        { Key: 'gatehouse:run', Value: '2' },
      ],
    })
  })

  it('keeps a session without tags until five minutes before its end', async () => {
    const { sessions, inputs, clock } = start()
    const first = await sessions.credentialsFor(reader)
    clock.ms += hourMs - 5 * 60_000 - 1
    expect(await sessions.credentialsFor(reader)).toBe(first)
    clock.ms += 1
    expect((await sessions.credentialsFor(reader)).accessKeyId).not.toBe(first.accessKeyId)
    expect(inputs.map(({ Tags }) => Tags)).toEqual([undefined, undefined])
  })

  it('keeps one for each account and role, and asks once for many at a time', async () => {
    const { sessions, inputs } = start()
    await Promise.all([reader, reader, reader].map((request) => sessions.credentialsFor(request)))
    await sessions.credentialsFor({ ...reader, account: '222222222222' })
    await sessions.credentialsFor({ ...reader, role: 'gatehouse-rejector' })
    expect(inputs).toHaveLength(3)
  })

  it('does not keep a refusal', async () => {
    const denied = (): never => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' })
    }
    const { sessions } = start([denied])
    await expect(sessions.credentialsFor(reader)).rejects.toMatchObject({ name: 'AccessRefused' })
    await expect(sessions.credentialsFor(reader)).resolves.toMatchObject({ sessionToken: 't' })
  })

  it('takes no half of a session', async () => {
    const { sessions } = start([() => ({ Credentials: { AccessKeyId: 'ASIA1', SecretAccessKey: 's' } })])
    await expect(sessions.credentialsFor(reader)).rejects.toThrow('AssumeRole.Credentials.SessionToken')
  })
})
