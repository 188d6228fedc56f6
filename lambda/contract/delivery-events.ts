import type { DeliveryStatus } from '../domain/event.ts'

/**
 * What SES tells of a mail, by the detail type of its event on EventBridge, and what it means for the one who should
 * have got it. Names as documented: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html
 */
export const deliveryEvents = {
  'Email Bounced': 'bounced',
  'Email Complaint Received': 'complained',
  'Email Rejected': 'rejected',
  'Email Rendering Failed': 'rejected',
  'Email Delivery Delayed': 'delayed',
} as const satisfies Record<string, DeliveryStatus>
