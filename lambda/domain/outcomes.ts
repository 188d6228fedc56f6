/** What a case may come to. */
export const outcomes = ['ACCEPTED', 'REJECTED', 'SUPERSEDED', 'LAPSED', 'WITHDRAWN', 'LEFT', 'OBSERVED'] as const
export type Outcome = (typeof outcomes)[number]
