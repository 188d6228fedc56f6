import { InvalidInput } from '../../../lambda/contract/errors.ts'
import { logger } from '../../../lambda/handlers/serve.ts'
import { logProblem, servePage } from '../../../lambda/handlers/serve-page.ts'
import { createWebApp } from '../../../lambda/web/app.ts'
import { goodVote, origin, Site, token } from '../../support/site.ts'

function aVote(fields: Record<string, string>): unknown {
  return {
    version: '2.0',
    rawPath: `/a/${token}`,
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    requestContext: { http: { method: 'POST' } },
    body: new URLSearchParams(fields).toString(),
    isBase64Encoded: false,
  }
}

/** What the function logged while it served one event, at any level. */
async function logOf(site: Site, event: unknown): Promise<string> {
  const spies = (['debug', 'info', 'warn', 'error', 'critical'] as const).map((level) =>
    jest.spyOn(logger, level).mockImplementation(() => undefined),
  )
  const app = createWebApp({ ...site.deps, report: logProblem })
  await servePage(event, { app, origin })
  const log = JSON.stringify(spies.flatMap((spy) => spy.mock.calls))
  for (const spy of spies) spy.mockRestore()
  return log
}

test.each([
  ['a vote', () => new Site().asking()],
  [
    'a vote that fails and says with what',
    () =>
      Object.assign(new Site().asking(), {
        reply: () => {
          throw new Error(`cannot take ${token} with 6666 and a secret comment`)
        },
      }),
  ],
])('%s leaves no token, digits or comment in the log', async (_what, make) => {
  const log = await logOf(make(), aVote({ ...goodVote, comment: 'a secret comment' }))

  expect(log).toContain('"status":')
  for (const secret of [token, '6666', 'secret comment']) expect(log).not.toContain(secret)
})

test('a problem is logged by the name of its error', async () => {
  const site = Object.assign(new Site().asking(), {
    reply: () => {
      throw new InvalidInput('no')
    },
  })

  expect(await logOf(site, aVote(goodVote))).toContain('"error":"InvalidInput"')
})

test('another event is refused without being repeated', async () => {
  const app = createWebApp(new Site().deps)

  await expect(servePage({ version: '1.0', path: `/a/${token}` }, { app, origin })).rejects.toThrow(
    'expected an HTTP API event of version 2.0, got another',
  )
})
