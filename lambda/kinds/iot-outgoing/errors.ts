import { markerMayBeOld } from '../iot-listing.ts'

/** What IoT's errors mean for a certificate of ours on its way out; the rest is in the common table. */
export const iotOutgoingErrors = {
  ListOutgoingCertificates: markerMayBeOld,
  /** Not ours any more: it left. */
  DescribeCertificate: { ResourceNotFoundException: { read: 'accepted' } },
  CancelCertificateTransfer: {
    ResourceNotFoundException: { look: true },
    TransferAlreadyCompletedException: { look: true },
  },
} as const
