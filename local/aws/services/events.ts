import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { busArnOf } from '../../bus-arn.ts'
import type { EventBuses } from '../../event-bus.ts'
import type { BusEvent, Call, Service } from '../service.ts'

const entrySchema = z.object({
  Time: z.date().optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default('default'),
})
type Entry = z.infer<typeof entrySchema>

interface Refusal {
  ErrorCode: string
  ErrorMessage: string
}

/** Puts events on a bus of the caller's account, or of another that lets it in. */
export function createEvents(buses: Pick<EventBuses, 'put' | 'exists'>): Service {
  function put(entry: Entry, call: Call<unknown>): Refusal | { EventId: string } {
    const busArn = busIn(entry, call)
    if (!buses.exists(busArn))
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${entry.EventBusName} does not exist.` }
    const event = eventOf(entry, call)
    if ('ErrorCode' in event) return event
    buses.put(busArn, event)
    return { EventId: randomUUID() }
  }

  return {
    model: 'events',
    operations: {
      PutEvents: (call) => {
        const { Entries } = z.object({ Entries: z.array(entrySchema) }).parse(call.input)
        const answers = Entries.map((entry) => put(entry, call))
        return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers }
      },
    },
  }
}

/** Empty for a bus of another region, which nobody reaches from here. */
function busIn({ EventBusName: name }: Entry, { caller, region }: Call<unknown>): string {
  if (!name.startsWith('arn:')) return busArnOf({ account: caller.account, region, name })
  return name.split(':')[3] === region ? name : ''
}

/** Account and region are those of the call, whatever the entry says. */
function eventOf(entry: Entry, { caller, region, nowMs }: Call<unknown>): BusEvent | Refusal {
  const { Source, DetailType, Detail, Resources, Time } = entry
  if (Source === undefined || Source === '') return missing('Source')
  if (DetailType === undefined || DetailType === '') return missing('DetailType')
  if (Detail === undefined || Detail === '') return missing('Detail')
  if (/^aws\./.test(Source))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  const detail = readDetail(Detail)
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  return {
    source: Source,
    'detail-type': DetailType,
    account: caller.account,
    region,
    time: isoSeconds(Time?.getTime() ?? nowMs),
    resources: Resources,
    detail,
  }
}

function missing(name: string): Refusal {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  }
}

function readDetail(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Events carry whole seconds: `2026-11-20T12:00:00Z`. */
export function isoSeconds(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`
}
