/** What Ask logs when every message came back: an alarm looks for this very text. */
export const nobodyReachable = 'nobody can be reached'
