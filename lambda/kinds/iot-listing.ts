/**
 * Of each operation on certificates, in each region:
 * https://docs.aws.amazon.com/general/latest/gr/iot-core.html#throttling-limits
 */
export const iotCallsPerSecond = 10

/** What a listing answers to a marker that it does not know, or not any more. */
export const markerMayBeOld = { InvalidRequestException: { look: true } } as const
