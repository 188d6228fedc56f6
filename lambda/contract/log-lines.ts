/** What Ask logs when every message came back: an alarm looks for this very text. */
export const nobodyReachable = 'nobody can be reached'

/** What Ask logs when a counterparty has more open asks than get messages of their own: an alarm looks for it, too. */
export const floodOfOffers = 'a flood of offers: more share a digest'

/** What Close logs when the receiver had our certificate before our cancel came: an alarm looks for it, too. */
export const cancelLost = 'a cancel came too late: the receiver has the certificate'

/** What Sweep logs when the organization could not be listed, so that the last census stands: an alarm looks for it. */
export const censusFailed = 'the organization could not be listed: the last census stands'
