import type { KindWords } from '../../domain/kind-words.ts'

export const iotOutgoingWords: KindWords = {
  name: 'Outgoing certificate transfer',
  accept: {
    label: 'Let the certificate go',
    means: 'The transfer is left alone: the other account can take our certificate, and we no longer control it.',
    follows: 'Gatehouse now leaves the transfer alone. You get a mail when the case is closed.',
  },
  reject: {
    label: 'Cancel the transfer',
    means: 'The certificate stays ours.',
    follows: 'Gatehouse now cancels the transfer at AWS. You get a mail when it is done.',
    byDefault: 'the transfer is cancelled',
  },
  theirs: 'Written by others, such as whoever started the transfer',
  outcomes: {
    REJECTED: {
      title: 'Cancelled',
      explanation: 'The transfer was cancelled at AWS. The certificate stays ours.',
    },
  },
}
