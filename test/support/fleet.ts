import * as z from 'zod'
import { operation } from '../../local/aws/operation.ts'
import { AwsError, type Service } from '../../local/aws/service.ts'
import { partner, us } from './kinds.ts'

/** Certificates of one account, made when they are asked for: a million of them take no memory. */
export interface Fleet {
  service: Service
  /** Calls that came in, by operation. */
  readonly calls: Record<'list' | 'outgoing' | 'describe', number>
  /** Pages that were asked for, by their markers. */
  readonly markers: string[]
  /** Before each answer; may throw an `AwsError`. */
  before: (call: FleetCall) => void
  /** Not pending any more, and nobody's here. */
  withdraw: (index: number) => void
  /** Offered now. */
  offer: (index: number) => void
}

export interface FleetCall {
  operation: 'list' | 'outgoing' | 'describe'
  marker?: string | undefined
  certificateId?: string
}

export interface FleetOptions {
  certificates: number
  /** Which of them wait for an answer. */
  isPending: (index: number) => boolean
  /** Our own on their way out, which are listed as pending, too: the first so many. */
  outgoing?: number
}

export function certificateIdOf(index: number): string {
  return index.toString(16).padStart(64, '0')
}

const listInput = z.object({ pageSize: z.number().default(25), marker: z.string().optional() })
const idInput = z.object({ certificateId: z.string() })
const createdMs = Date.parse('2026-01-01T00:00:00Z')
const transferredAt = new Date('2026-11-20T09:00:00Z')

/** IoT for one account with a fleet of any size. Simulated: what it answers has AWS's form, and it is asked over the wire. */
export function createFleet({ certificates, isPending, outgoing = 0 }: FleetOptions): Fleet {
  const changed = new Map<number, boolean>()
  const isOffered = (index: number): boolean => changed.get(index) ?? isPending(index)
  const fleet: Fleet = {
    calls: { list: 0, outgoing: 0, describe: 0 },
    markers: [],
    before: () => undefined,
    withdraw: (index) => void changed.set(index, false),
    offer: (index) => void changed.set(index, true),
    service: {
      model: 'iot',
      operations: {
        ListCertificates: operation(listInput, ({ input }) => {
          asked({ operation: 'list', marker: input.marker })
          fleet.markers.push(input.marker ?? '')
          const { indexes, next } = pageOf(certificates, input)
          return { certificates: indexes.map((index) => summaryOf(index, isOffered(index))), nextMarker: next }
        }),
        ListOutgoingCertificates: operation(listInput, ({ input }) => {
          asked({ operation: 'outgoing', marker: input.marker })
          const { indexes, next } = pageOf(outgoing, input)
          return { outgoingCertificates: indexes.map((index) => ({ ...outgoingOf(index) })), nextMarker: next }
        }),
        DescribeCertificate: operation(idInput, ({ input }) => {
          asked({ operation: 'describe', certificateId: input.certificateId })
          const index = Number.parseInt(input.certificateId, 16)
          if (!isOffered(index)) throw new AwsError('ResourceNotFoundException', 'The certificate does not exist.')
          return { certificateDescription: descriptionOf(index) }
        }),
      },
    },
  }
  const asked = (call: FleetCall): void => {
    fleet.calls[call.operation] += 1
    fleet.before(call)
  }
  return fleet
}

function pageOf(count: number, { pageSize, marker }: z.infer<typeof listInput>): { indexes: number[]; next?: string } {
  const first = marker === undefined ? 0 : Number(marker)
  if (!Number.isInteger(first)) throw new AwsError('InvalidRequestException', 'The marker is not valid.')
  const end = Math.min(count, first + pageSize)
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset)
  return end < count ? { indexes, next: String(end) } : { indexes }
}

function summaryOf(index: number, isOffered: boolean): Record<string, unknown> {
  const certificateId = certificateIdOf(index)
  return {
    certificateId,
    certificateArn: `arn:aws:iot:us-east-1:${us}:cert/${certificateId}`,
    status: isOffered ? 'PENDING_TRANSFER' : 'ACTIVE',
    certificateMode: 'DEFAULT',
    creationDate: createdMs + index,
  }
}

function outgoingOf(index: number): Record<string, unknown> {
  const { certificateId, certificateArn, creationDate } = summaryOf(index, true)
  return { certificateId, certificateArn, creationDate, transferredTo: partner, transferDate: transferredAt.getTime() }
}

function descriptionOf(index: number): Record<string, unknown> {
  return {
    ...summaryOf(index, true),
    ownedBy: us,
    previousOwnedBy: partner,
    transferData: { transferDate: transferredAt.getTime(), transferMessage: `device ${index}` },
  }
}
