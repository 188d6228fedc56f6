import type { OfferKind } from './offer.ts'

/** How a fact is shown: its label, who wrote its value, and its place in the sheet (lower first). */
export interface Field {
  label: string
  from: 'aws' | 'counterparty'
  order?: number
}

const aws = (order: number, label: string): Field => ({ label, from: 'aws', order })
const theirs = (order: number, label: string): Field => ({ label, from: 'counterparty', order })

const ram: Readonly<Record<string, Field>> = {
  resourceCount: aws(1, 'Resources in the share now'),
  resourceTypes: aws(2, 'Types of resources'),
  resources: aws(3, 'Resources'),
  resourcesProblem: aws(4, 'Why resources could not be read'),
  receiver: aws(5, 'Offered to'),
  shareArn: aws(6, 'Resource share'),
  invitationArn: aws(7, 'Invitation'),
  status: aws(8, 'Status at AWS'),
  shareName: theirs(1, 'Name of the share'),
}

const iot: Readonly<Record<string, Field>> = {
  certificateId: aws(1, 'Certificate'),
  subject: theirs(2, 'Subject of the certificate'),
  issuer: theirs(3, 'Issuer of the certificate'),
  caCertificateId: aws(4, 'Signed by CA certificate'),
  certificateMode: aws(5, 'Registration mode'),
  validFrom: aws(6, 'Certificate valid from'),
  validUntil: aws(7, 'Certificate valid until'),
  setAsActive: aws(8, 'Becomes active at once'),
  transferDate: aws(9, 'Transfer started'),
  createdAt: aws(10, 'Certificate registered'),
  certificateArn: aws(11, 'Certificate ARN'),
  status: aws(12, 'Status at AWS'),
  ownedBy: aws(13, 'Owned by account'),
  previousOwnedBy: aws(14, 'Owned before by account'),
  transferMessage: theirs(1, 'Message'),
}

const iam: Readonly<Record<string, Field>> = {
  permissions: aws(1, 'Permissions'),
  permissionPolicy: aws(2, 'Permissions asked for'),
  policyTemplateArn: aws(3, 'Permission template'),
  policyTemplateParameters: theirs(4, 'Parameters of the template'),
  sessionDuration: aws(5, 'Access lasts, in seconds'),
  rolePermissionRestrictionArns: aws(6, 'Boundaries for roles it creates'),
  ownerAccountId: aws(7, 'Asked of account'),
  ownerId: aws(8, 'Owner of the request'),
  onlySendByOwner: aws(9, 'Only the owner can release access'),
  state: aws(10, 'State at AWS'),
  delegationRequestId: aws(11, 'Request'),
  requestorName: theirs(1, 'Name of the requester'),
  description: theirs(2, 'Description'),
  requestMessage: theirs(3, 'Message'),
  redirectUrl: theirs(4, 'Address it wants to send you to (not a link)'),
  notes: theirs(5, 'Notes'),
}

const fields: Readonly<Record<OfferKind, Readonly<Record<string, Field>>>> = {
  'ram-invitation': ram,
  'iot-transfer': iot,
  'iot-outgoing': iot,
  'iam-delegation': iam,
}

/** A fact that is not listed here is shown as the other side's: what nobody vouched for is not vouched for. */
export function fieldOf(kind: OfferKind, name: string): Field {
  return fields[kind][name] ?? { label: readable(name), from: 'counterparty' }
}

function readable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
