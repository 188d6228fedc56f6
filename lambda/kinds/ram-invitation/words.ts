import { aws, lines, minor, request, theirs, type Fields } from '../../domain/fact-field.ts'
import type { KindWords } from '../../domain/kind-words.ts'

export const ramWords: KindWords = {
  name: 'Resource share invitation',
  accept: {
    means:
      'Our account joins the resource share. You approve the share, not today’s list: ' +
      'its owner can add resources later without asking again.',
  },
  reject: { means: 'Our account does not join the share. Its owner can invite us again.' },
}

export const ramFields: Fields = {
  resourceCount: aws(1, 'Resources in the share now'),
  resourceTypes: aws(2, 'Types of resources'),
  resources: { ...request(3, 'Resources', lines(['type', 'arn', 'regionScope'], ' ')), view: 'resources' },
  resourcesProblem: aws(4, 'Why resources could not be read'),
  receiver: minor(5, 'Offered to'),
  shareStatus: aws(4, 'Status of the share'),
  unavailable: aws(4, 'Not available'),
  shareArn: minor(6, 'Resource share'),
  invitationArn: minor(7, 'Invitation'),
  status: minor(8, 'Status at AWS'),
  shareName: theirs(1, 'Name of the share'),
}
