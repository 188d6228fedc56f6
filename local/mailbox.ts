import { randomUUID } from 'node:crypto'
import * as z from 'zod'

const mailSchema = z.object({
  id: z.string(),
  at: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  /** Addresses of the web found in the text. */
  links: z.array(z.string()),
  /** Message tags. */
  tags: z.record(z.string(), z.string()).default({}),
})
export type Mail = z.infer<typeof mailSchema>

/** What was mailed, oldest first. */
export interface Mailbox {
  add: (mail: Omit<Mail, 'id' | 'links'>) => Mail
  all: () => readonly Mail[]
  restore: (state: unknown) => void
  clear: () => void
}

export function createMailbox(): Mailbox {
  let mails: Mail[] = []
  return {
    add(mail) {
      const kept = { ...mail, id: randomUUID(), links: linksIn(mail.text) }
      mails.push(kept)
      return kept
    },
    all: () => mails,
    restore(state) {
      mails = z.array(mailSchema).parse(state)
    },
    clear() {
      mails = []
    },
  }
}

function linksIn(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s<>"'`]+/g) ?? []
  return [...new Set(found.map((link) => link.replace(/[.,;:!?)\]}]+$/, '')))]
}
