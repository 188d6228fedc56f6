import * as z from 'zod'

const faultSchema = z.strictObject({
  /** The model's name: `ram`, `iot`, `iam`, … */
  service: z.string(),
  operation: z.string(),
  /** An error of the model, by shape or code, or one that all services have. */
  error: z.string(),
  message: z.string().default('injected fault'),
  times: z.int().min(1).default(1),
  /** True: the call takes effect and then answers the error, as when an answer is lost. */
  after: z.boolean().default(false),
})
type Fault = z.infer<typeof faultSchema>

const ramSchema = z.strictObject({
  /** Pages without items, but with a `nextToken`, come before the real ones. */
  emptyPages: z.boolean(),
  /** So many reads after each answer still show the invitation PENDING. */
  staleReads: z.int().min(0),
  /** So many reads after an accept do not show the share yet. */
  hiddenReads: z.int().min(0),
})
const iotSchema = z.strictObject({
  /** The destination cannot see who sent a pending certificate. */
  hideSender: z.boolean(),
})

const iamSchema = z.strictObject({
  /** What a check of the caller's permissions comes to; `FAILED` is its status then. */
  permissionCheck: z.enum(['ALLOWED', 'DENIED', 'UNSURE', 'FAILED']),
  /** How long a check is in progress: the first answer always says so. */
  permissionCheckSeconds: z.int().min(0),
  summary: z.enum(['AVAILABLE', 'NOT_AVAILABLE', 'NOT_SUPPORTED', 'FAILED']),
})
const asUsual = {
  ram: { emptyPages: false, staleReads: 0, hiddenReads: 0 },
  iot: { hideSender: false },
  iam: { permissionCheck: 'ALLOWED', permissionCheckSeconds: 0, summary: 'AVAILABLE' },
} as const

const changeSchema = z.strictObject({
  ram: ramSchema.partial().optional(),
  iot: iotSchema.partial().optional(),
  iam: iamSchema.partial().optional(),
  faults: z.array(faultSchema).optional(),
})

/** How the local services misbehave: off unless switched on. */
export interface Behaviour {
  readonly ram: Readonly<z.infer<typeof ramSchema>>
  readonly iot: Readonly<z.infer<typeof iotSchema>>
  readonly iam: Readonly<z.infer<typeof iamSchema>>
  /** Changes what the JSON names and leaves the rest; `faults` replaces the list. Throws `InvalidBehaviour`. */
  set: (json: unknown) => void
  reset: () => void
  /** The next fault for this call, used up by it. */
  takeFault: (service: string, operation: string) => Fault | undefined
}

export class InvalidBehaviour extends Error {
  override readonly name = 'InvalidBehaviour'
}

export function createBehaviour(): Behaviour {
  let ram: Behaviour['ram'] = asUsual.ram
  let iot: Behaviour['iot'] = asUsual.iot
  let iam: Behaviour['iam'] = asUsual.iam
  let faults: Fault[] = []
  return {
    get iam() {
      return iam
    },
    get ram() {
      return ram
    },
    get iot() {
      return iot
    },
    set: (json) => {
      const change = changeSchema.safeParse(json)
      if (!change.success) throw new InvalidBehaviour(z.prettifyError(change.error))
      ram = { ...ram, ...change.data.ram }
      iot = { ...iot, ...change.data.iot }
      iam = { ...iam, ...change.data.iam }
      if (change.data.faults !== undefined) faults = change.data.faults.map((fault) => ({ ...fault }))
    },
    reset: () => {
      ram = asUsual.ram
      iot = asUsual.iot
      iam = asUsual.iam
      faults = []
    },
    takeFault: (service, operation) => {
      const fault = faults.find((each) => each.service === service && each.operation === operation)
      if (fault === undefined) return undefined
      fault.times -= 1
      if (fault.times === 0) faults = faults.filter((each) => each !== fault)
      return fault
    },
  }
}
