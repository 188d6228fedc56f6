// x509 is built with decorators and asks for this first
import 'reflect-metadata'
import { createHash, webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A self-signed device certificate with a fresh key; its id is what AWS IoT makes of it: SHA-256 of the DER. */
export async function makeCertificate({
  commonName,
  days,
}: {
  commonName: string
  days: number
}): Promise<{ pem: string; certificateId: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const notBefore = new Date()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * 86_400_000),
    signingAlgorithm: algorithm,
    keys,
  })
  const certificateId = createHash('sha256').update(Buffer.from(certificate.rawData)).digest('hex')
  return { pem: certificate.toString('pem'), certificateId }
}
