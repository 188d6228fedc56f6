import { Agent, request } from 'node:http'
import { median, secondsOf, type Measured } from './bench.ts'
import { withCli } from './cli.ts'

const atOnce = 10
const requests = 3000
const rounds = 5

/** Requests that the AWS endpoint answers a second, asked from another process over kept connections. */
export async function run(): Promise<Measured> {
  return await withCli(async ({ endpoint }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
    const rateOf = async (call: Call): Promise<number> => {
      const rates: number[] = []
      for (let round = 0; round <= rounds; round += 1) {
        const seconds = await secondsOf(() => askMany({ endpoint, agent, call }))
        if (round > 0) rates.push(requests / seconds)
      }
      return median(rates)
    }
    const figures = {
      ramListsPerSecond: await rateOf(listInvitations),
      iamListsPerSecond: await rateOf(listDelegations),
    }
    agent.destroy()
    return { name: 'endpoint', figures }
  })
}

interface Call {
  service: string
  path: string
  type: string
  body: string
}

const listInvitations: Call = {
  service: 'ram',
  path: '/getresourceshareinvitations',
  type: 'application/json',
  body: '{}',
}
const listDelegations: Call = {
  service: 'iam',
  path: '/',
  type: 'application/x-www-form-urlencoded',
  body: 'Action=ListDelegationRequests&Version=2010-05-08',
}

interface Asking {
  endpoint: string
  agent: Agent
  call: Call
}

async function askMany(asking: Asking): Promise<void> {
  let left = requests
  const asker = async (): Promise<void> => {
    while (left-- > 0) await ask(asking)
  }
  await Promise.all(Array.from({ length: atOnce }, asker))
}

function ask({ endpoint, agent, call }: Asking): Promise<void> {
  const scope = `111111111111/20260101/us-east-1/${call.service}/aws4_request`
  const headers = {
    'content-type': call.type,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
  }
  return new Promise((resolve, reject) => {
    const asked = request(`${endpoint}${call.path}`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`expected 200 of ${call.service}, got ${response.statusCode ?? 0}`))
      })
    })
    asked.on('error', reject)
    asked.end(call.body)
  })
}
