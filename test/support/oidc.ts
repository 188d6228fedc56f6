import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface ProviderRequest {
  url: string
  referer: string | null
}

interface Client {
  redirectUri: string
  secret: string
  /** The address at userinfo only, as the specification has it. */
  conformIdTokenClaims: boolean
}

/** A real provider in a process of its own; see oidc-server.mjs for who may sign in. */
export interface Oidc {
  issuer: string
  serve: (client: Client) => Promise<void>
  setDown: (what: 'all' | 'token' | 'nothing') => Promise<void>
  requests: () => Promise<ProviderRequest[]>
  close: () => void
}

export async function startOidc(): Promise<Oidc> {
  const child = fork(join(__dirname, 'oidc-server.mjs'), { silent: true, execArgv: [] })
  const { port } = await answerOf<{ port: number }>(child)
  const tell = async (message: object): Promise<{ seen: ProviderRequest[] }> => {
    const answer = answerOf<{ seen: ProviderRequest[] }>(child)
    child.send(message)
    return await answer
  }
  return {
    issuer: `http://127.0.0.1:${port}`,
    serve: async (serve) => {
      await tell({ serve })
    },
    setDown: async (down) => {
      await tell({ down })
    },
    requests: async () => (await tell({})).seen,
    close: () => {
      child.kill()
    },
  }
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController()
  child.once('exit', () => {
    ended.abort()
  })
  const [answer] = await once(child, 'message', { signal: ended.signal })
  return answer as Answer
}
