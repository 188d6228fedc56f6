import { aws, minor, theirs, time, type Fields } from '../domain/fact-field.ts'

/** Of a certificate on its way, whoever's it is. */
export const iotFields: Fields = {
  certificateId: aws(1, 'Certificate'),
  caCertificateId: aws(2, 'Signed by CA certificate'),
  certificateMode: aws(3, 'Registration mode'),
  notBefore: aws(4, 'Certificate valid from', time),
  notAfter: aws(5, 'Certificate valid until', time),
  begunBy: aws(6, 'Begun by'),
  certificateArn: minor(7, 'Certificate ARN'),
  status: minor(8, 'Status at AWS'),
  ownedBy: minor(9, 'Owned by account'),
  previousOwnedBy: minor(10, 'Owned before by account'),
  creationDate: minor(11, 'Certificate registered', time),
  transferDate: aws(12, 'Transfer started', time),
  request: aws(13, 'Begun by Gatehouse for the request'),
  message: theirs(1, 'Message'),
  subject: theirs(2, 'Subject in the certificate'),
  issuer: theirs(3, 'Issuer in the certificate'),
}
