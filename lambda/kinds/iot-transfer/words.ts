import type { KindWords } from '../../domain/kind-words.ts'

export const iotTransferWords: KindWords = {
  name: 'Incoming certificate transfer',
  accept: { means: 'The certificate becomes ours: whoever holds its private key can use what we attach to it.' },
  reject: { means: 'The certificate goes back to the account it came from.' },
}
