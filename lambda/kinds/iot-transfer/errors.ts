import { markerMayBeOld } from '../iot-listing.ts'

/** Neither error says who ended the transfer, or how: the certificate itself does. */
const ended = {
  ResourceNotFoundException: { look: true },
  TransferAlreadyCompletedException: { look: true },
} as const

/** What IoT's errors mean for an incoming transfer; the rest is in the common table. */
export const iotTransferErrors = {
  ListCertificates: markerMayBeOld,
  ListOutgoingCertificates: markerMayBeOld,
  DescribeCertificate: { ResourceNotFoundException: { read: 'gone' } },
  AcceptCertificateTransfer: ended,
  RejectCertificateTransfer: ended,
} as const
