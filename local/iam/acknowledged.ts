interface Unused {
  holder: string
  action: string
  resource: string
  narrowed: string | null
}

interface Acknowledgement {
  covers: (right: Unused) => boolean
  reason: string
}

/** Rights that no path of a local run can need, and why they are there all the same. */
const acknowledgements: readonly Acknowledgement[] = [
  {
    covers: ({ action }) => /^(logs|xray):/.test(action),
    reason: 'writing logs and traces is no call of the local run',
  },
  {
    covers: ({ holder, action }) =>
      /(^|\/)(Queue|Forward)DeadLettersPolicy/.test(holder) && action === 'sqs:SendMessage',
    reason: 'only for events that their target does not take',
  },
  {
    covers: ({ holder, action }) => /(^|\/)SpokeAutoAcceptor/.test(holder) && action === 'iam:GetDelegationRequest',
    reason: 'the policies here accept no delegation without asking; yours may',
  },
  {
    covers: ({ holder, action }) =>
      /(^|\/)Spoke(AutoAcceptor|Acceptor|Rejector)/.test(holder) && action === 'iot:ListOutgoingCertificates',
    reason: 'only for a transfer that IoT gives no date, and here it gives one to each',
  },
]

/** Undefined for a right that has to be needed. */
export function acknowledgementOf(right: Unused): string | undefined {
  return acknowledgements.find(({ covers }) => covers(right))?.reason
}
