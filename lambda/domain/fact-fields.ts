import { assessmentLines } from './assessment.ts'
import type { Json } from './json.ts'
import type { OfferKind } from './offer.ts'
import { formatDuration, formatUtc } from './plain-time.ts'
import { statementsOf } from './policy-lines.ts'

/** How a fact is shown: its label, who wrote its value, and its place in the sheet (lower first). */
export interface Field {
  label: string
  from: 'aws' | 'counterparty'
  /** The other side chose the value, and it is what acceptance gives: shown before its other words. */
  isRequest?: boolean
  /** An identifier or a state for reference: a page shows it behind a click. */
  isMinor?: boolean
  order?: number
  /** The value in words; without it lists and scalars are shown as they are. */
  inWords?: (value: Json) => Json
}

const aws = (order: number, label: string, inWords?: Field['inWords']): Field => ({
  label,
  from: 'aws',
  order,
  ...(inWords === undefined ? {} : { inWords }),
})
const minor = (order: number, label: string, inWords?: Field['inWords']): Field => ({
  ...aws(order, label, inWords),
  isMinor: true,
})
const theirs = (order: number, label: string, inWords?: Field['inWords']): Field => ({
  ...aws(order, label, inWords),
  from: 'counterparty',
})

const request = (order: number, label: string, inWords?: Field['inWords']): Field => ({
  ...theirs(order, label, inWords),
  isRequest: true,
})

const time = (value: Json): Json =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? formatUtc(value) : value
const seconds = (value: Json): Json => (typeof value === 'number' ? formatDuration(value * 1000) : value)
const statements = (value: Json): Json => statementsOf(value) ?? value
const resources = (value: Json): Json =>
  Array.isArray(value) ? value.map((item) => joined(item, ['type', 'arn', 'regionScope'], ' ')) : value
const parameters = (value: Json): Json =>
  Array.isArray(value) ? value.map((item) => joined(item, ['name', 'values'], ': ')) : value

/** Chosen members of a record on one line; anything else stays what it is. */
function joined(item: Json, names: readonly string[], between: string): Json {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
  return names
    .flatMap((name) => item[name] ?? [])
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join(between)
}

const ram: Readonly<Record<string, Field>> = {
  resourceCount: aws(1, 'Resources in the share now'),
  resourceTypes: aws(2, 'Types of resources'),
  resources: request(3, 'Resources', resources),
  resourcesProblem: aws(4, 'Why resources could not be read'),
  receiver: minor(5, 'Offered to'),
  shareStatus: aws(4, 'Status of the share'),
  unavailable: aws(4, 'Not available'),
  shareArn: minor(6, 'Resource share'),
  invitationArn: minor(7, 'Invitation'),
  status: minor(8, 'Status at AWS'),
  shareName: theirs(1, 'Name of the share'),
}

const iot: Readonly<Record<string, Field>> = {
  certificateId: aws(1, 'Certificate'),
  caCertificateId: aws(2, 'Signed by CA certificate'),
  certificateMode: aws(3, 'Registration mode'),
  notBefore: aws(4, 'Certificate valid from', time),
  notAfter: aws(5, 'Certificate valid until', time),
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

/** The partner gets what it asks for and the role has: no more than both. */
const delegatorPolicies = (value: Json): Json =>
  Array.isArray(value) && value.length === 0
    ? 'No policy: the partner would get nothing'
    : Array.isArray(value)
      ? [...value, 'The partner gets only what is in these and is asked for. Gatehouse does not read these policies.']
      : value

const send: Readonly<Record<string, Field>> = {
  certificateId: aws(1, 'Certificate'),
  status: aws(2, 'Status at AWS'),
  attachedPolicies: aws(3, 'Policies attached to it'),
  requestedBy: aws(4, 'Asked for by'),
  requestedAt: aws(5, 'Asked for', time),
  certificateArn: minor(7, 'Certificate ARN'),
  creationDate: minor(8, 'Certificate registered', time),
  message: theirs(1, 'Message'),
}

const iam: Readonly<Record<string, Field>> = {
  assessment: aws(0, 'In short, it asks for', assessmentLines),
  permissionPolicy: request(1, 'Permissions asked for', statements),
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
  parameters: request(6, 'Parameters of the template', parameters),
  redirectUrl: theirs(5, 'Address it wants to send you to'),
  summary: theirs(8, 'Summary, generated from what they wrote'),
  notes: theirs(6, 'Notes'),
  rejectionReason: theirs(7, 'Reason of a rejection'),
}

const fields: Readonly<Record<OfferKind, Readonly<Record<string, Field>>>> = {
  'ram-invitation': ram,
  'iot-transfer': iot,
  'iot-outgoing': iot,
  'iot-send': send,
  'iam-delegation': iam,
}

/** Heads the facts that are a request. */
export function requestTitleOf(kind: OfferKind): string {
  return kind === 'iam-delegation' ? 'What they ask for' : 'What they offer'
}

/** Says whose values these are. */
export const requestNote = 'The other side chose these values: names in them prove nothing.'

/** A fact that is not listed here is shown as the other side's: what nobody vouched for is not vouched for. */
export function fieldOf(kind: OfferKind, name: string): Field {
  const known = fields[kind]
  return Object.hasOwn(known, name) && known[name] !== undefined
    ? known[name]
    : { label: readable(name), from: 'counterparty' }
}

function readable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
