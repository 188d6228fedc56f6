import * as z from 'zod'
import { millisecondsOf } from '../duration.ts'

/** A duration such as `15 minutes`, kept as text and bounded. */
export function durationSchema(least: number, most: number, bounds: string): z.ZodString {
  return z.string().refine((text) => {
    const ms = millisecondsOf(text)
    return ms !== undefined && ms >= least && ms <= most
  }, `a duration ${bounds}, such as '15 minutes' or '7 days'`)
}
