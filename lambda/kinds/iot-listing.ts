/** What a listing answers to a marker that it does not know, or not any more. */
export const markerMayBeOld = { InvalidRequestException: { look: true } } as const
