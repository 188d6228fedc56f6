import { assessmentLines } from '../../domain/assessment.ts'
import { aws, lines, minor, request, seconds, theirs, time, type Fields } from '../../domain/fact-field.ts'
import type { Json } from '../../domain/json.ts'
import type { KindWords } from '../../domain/kind-words.ts'
import { reachLines } from '../../domain/reach-lines.ts'
import { statementsOf } from '../../domain/policy-lines.ts'

export const iamDelegationWords: KindWords = {
  name: 'Delegation request',
  accept: {
    means:
      'You get a link and accept in the AWS console under your own identity. ' +
      'The requester can then act with permissions of that identity, as far as the request asks for them.',
    follows:
      'Gatehouse now reads the request and the policies once more. If they still allow it, ' +
      'you get a mail with a link to accept it in the AWS console.',
  },
  reject: { means: 'The requester gets no access.' },
  byRole: {
    means:
      'A role of ours accepts. After a while in which that can be taken back, the requester can act with ' +
      'permissions of that role, as far as the request asks for them.',
    follows:
      'Gatehouse now reads the request and the policies once more. If they still allow it, and AWS says that the ' +
      'role may give what is asked for, the role accepts, and you get a mail by which you can take it back.',
  },
  request: 'What they ask for',
}

/** The partner gets what it asks for and the role has: no more than both. */
function delegatorPolicies(value: Json): Json {
  if (!Array.isArray(value)) return value
  if (value.length === 0) return 'No policy: the partner would get nothing'
  return [...value, 'The partner gets only what is in these and is asked for.']
}

export const iamDelegationFields: Fields = {
  assessment: aws(0, 'In short, it asks for', assessmentLines),
  permissionPolicy: {
    ...request(1, 'Permissions asked for', (value) => statementsOf(value) ?? value),
    view: 'permissions',
  },
  delegatorGives: request(2, 'Of this, our role would give', reachLines),
  sessionDurationSeconds: aws(2, 'Access lasts', seconds),
  permissionsBoundaryArns: request(3, 'Boundaries of roles it creates'),
  onlySendByOwner: aws(4, 'Only the owner can release access'),
  delegatorPolicies: aws(5, 'The role of ours that accepts has', delegatorPolicies),
  delegatorBoundary: aws(6, 'That role is bounded by'),
  templateArn: request(5, 'Permission template'),
  ownerAccount: minor(6, 'Asked of account'),
  namesOwnerAccount: minor(7, 'Names our account'),
  state: minor(8, 'State at AWS'),
  ownerId: minor(9, 'Owner of the request'),
  approverId: minor(10, 'Approved by'),
  updatedTime: minor(11, 'Changed at AWS', time),
  requestorName: theirs(1, 'Name of the requester'),
  description: theirs(2, 'Description'),
  requestMessage: theirs(3, 'Message'),
  parameters: request(6, 'Parameters of the template', lines(['name', 'values'], ': ')),
  redirectUrl: theirs(5, 'Address it wants to send you to'),
  summary: theirs(8, 'Summary, generated from what they wrote'),
  notes: theirs(6, 'Notes'),
  rejectionReason: theirs(7, 'Reason of a rejection'),
}
