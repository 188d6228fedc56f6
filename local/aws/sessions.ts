import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { Caller } from './service.ts'

export interface SessionCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

/**
 * Who holds which key. A 12-digit key is that account's administrator, `<account>.<role>` one who is there by the name of
 * a role; the others are sessions of roles.
 */
export interface Sessions {
  start: (caller: Caller) => SessionCredentials
  /** Undefined for a key that nobody has, or a session without its token. */
  find: (accessKeyId: string, sessionToken?: string) => Caller | undefined
}

export function createSessions(): Sessions {
  const sessions = new Map<string, { caller: Caller; sessionToken: string }>()
  return {
    start(caller) {
      const accessKeyId = `ASIA${randomText(16)}`
      const sessionToken = randomBytes(48).toString('base64')
      sessions.set(accessKeyId, { caller, sessionToken })
      return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64'), sessionToken }
    },
    find(accessKeyId, sessionToken) {
      if (/^\d{12}$/.test(accessKeyId)) return { account: accessKeyId, arn: `arn:aws:iam::${accessKeyId}:root` }
      const [, account, role] = /^(\d{12})\.([\w+=,@-]{1,64})$/.exec(accessKeyId) ?? []
      if (account !== undefined && role !== undefined)
        return { ...roleCaller(`arn:aws:iam::${account}:role/${role}`, 'administrator'), administers: true }
      const session = sessions.get(accessKeyId)
      return session?.sessionToken === sessionToken ? session?.caller : undefined
    },
  }
}

/** The caller that a session of this role is. */
export function roleCaller(roleArn: string, sessionName: string): Caller {
  const [, account = '', role = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? []
  return { account, role, arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}` }
}

/** Stable for a role, as AWS's is. */
export function roleId(roleArn: string): string {
  return `AROA${createHash('sha256').update(roleArn).digest('hex').slice(0, 17).toUpperCase()}`
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** As AWS's own ids: upper case and digits. */
export function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('')
}
