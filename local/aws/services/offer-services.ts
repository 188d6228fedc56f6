import type { Behaviour } from '../behaviour.ts'
import type { RaiseEvent, Service } from '../service.ts'
import { createIam } from './iam.ts'
import { createIot } from './iot.ts'
import { createRam } from './ram.ts'

export interface OfferServiceOptions {
  raise: RaiseEvent
  behaviour: Behaviour
  /** Takes a deployed role away; false when there is none. */
  deleteRole?: (arn: string) => boolean
}

/** The services through which offers come: each brings what its operations need, for the gate. */
export function createOfferServices(options: OfferServiceOptions): Service[] {
  return [createRam(options), createIot(options), createIam(options)]
}
