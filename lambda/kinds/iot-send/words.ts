import { aws, time, type Fields } from '../../domain/fact-field.ts'
import type { KindWords } from '../../domain/kind-words.ts'
import { iotFields } from '../iot-fields.ts'

export const iotSendWords: KindWords = {
  name: 'Request to transfer a certificate',
  accept: {
    label: 'Send the certificate',
    means:
      'Gatehouse begins the transfer: the other account can take our certificate, and once it has, ' +
      'we no longer control it.',
    follows:
      'Gatehouse now reads the certificate and the policies once more. If nothing has changed, it begins the transfer, ' +
      'and you get a mail when the other account has answered. If something has, you are asked again.',
  },
  reject: {
    label: 'Refuse the request',
    means: 'Nothing is sent: the certificate stays ours.',
    follows: 'Gatehouse now refuses the request, and sends nothing. You get a mail when it is done.',
    byDefault: 'the request is refused',
  },
  theirs: 'Written by others, such as whoever asks for the transfer',
  outcomes: {
    ACCEPTED: { explanation: 'The transfer was begun at AWS, and the other account has taken the certificate.' },
    REJECTED: {
      title: 'Refused',
      explanation: 'The request was refused. Nothing was sent: the certificate stays ours.',
    },
    WITHDRAWN: {
      explanation:
        'The certificate is not on its way any more, or could not be sent: it was sent back, cancelled, or changed.',
    },
    LEFT: { explanation: 'Gatehouse sends nothing: the request ends as it is.' },
  },
}

export const iotSendFields: Fields = {
  ...iotFields,
  status: aws(2, 'Status at AWS'),
  attachedPolicies: aws(3, 'Policies attached to it'),
  requestedBy: aws(4, 'Asked for by'),
  requestedAt: aws(5, 'Asked for', time),
}
