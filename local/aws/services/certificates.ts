import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { AwsError } from '../service.ts'

const transferSchema = z.object({
  from: z.string(),
  to: z.string(),
  startedMs: z.number(),
  message: z.string().optional(),
  ended: z
    .object({ how: z.enum(['accepted', 'rejected', 'cancelled']), atMs: z.number(), reason: z.string().optional() })
    .optional(),
})

export const certificateSchema = z.object({
  seq: z.number(),
  region: z.string(),
  certificateId: z.string(),
  pem: z.string(),
  owner: z.string(),
  previousOwner: z.string().optional(),
  status: z.string(),
  createdMs: z.number(),
  modifiedMs: z.number(),
  version: z.number(),
  generationId: z.string(),
  notBeforeMs: z.number(),
  notAfterMs: z.number(),
  /** Names of the policies that are attached. */
  policies: z.array(z.string()).default([]),
  /** The last transfer, ended or not. */
  transfer: transferSchema.optional(),
})
export type Certificate = z.infer<typeof certificateSchema>
export type Transfer = z.infer<typeof transferSchema>

/** Certificates by region and id. Two accounts may have registered the same one, so an id may name several. */
export class Certificates {
  #all: Certificate[] = []
  #byId = new Map<string, Certificate[]>()
  #seq = 0

  add(made: Omit<Certificate, 'seq' | 'version' | 'generationId' | 'policies'>): Certificate {
    this.#seq += 1
    const certificate = { ...made, seq: this.#seq, version: 1, policies: [], generationId: randomUUID() }
    this.#index(certificate)
    return certificate
  }

  /** All that `account` sees in a region, oldest first: its own, and those offered to it. */
  list(region: string, account: string): Certificate[] {
    return this.#all.filter((each) => each.region === region && isSeenBy(each, account))
  }

  withId(region: string, certificateId: string): readonly Certificate[] {
    return this.#byId.get(`${region}/${certificateId}`) ?? []
  }

  snapshot(): Certificate[] {
    return this.#all
  }

  restore(certificates: Certificate[]): void {
    this.#all = []
    this.#byId = new Map()
    this.#seq = Math.max(0, ...certificates.map(({ seq }) => seq))
    for (const certificate of certificates) this.#index(certificate)
  }

  #index(certificate: Certificate): void {
    const key = `${certificate.region}/${certificate.certificateId}`
    this.#all.push(certificate)
    this.#byId.set(key, [...(this.#byId.get(key) ?? []), certificate])
  }
}

export function isPending(certificate: Certificate): boolean {
  return certificate.transfer !== undefined && certificate.transfer.ended === undefined
}

export function isOfferedTo(certificate: Certificate, account: string): boolean {
  return isPending(certificate) && certificate.transfer?.to === account
}

export function isSeenBy(certificate: Certificate, account: string): boolean {
  return certificate.owner === account || isOfferedTo(certificate, account)
}

/** Same id and region, another account: the ARN is always that of the account that asks. */
export function certificateArn({ region, certificateId }: Certificate, account: string): string {
  return `arn:aws:iot:${region}:${account}:cert/${certificateId}`
}

/** Id (SHA-256 of the DER) and validity of the first certificate in a PEM; `CertificateValidationException` otherwise. */
export function readPem(pem: string): { certificateId: string; notBeforeMs: number; notAfterMs: number } {
  try {
    const { raw, validFrom, validTo } = new X509Certificate(pem)
    const certificateId = createHash('sha256').update(raw).digest('hex')
    return { certificateId, notBeforeMs: Date.parse(validFrom), notAfterMs: Date.parse(validTo) }
  } catch {
    throw new AwsError('CertificateValidationException', 'The certificate is not valid X.509 in PEM form.')
  }
}
