import * as z from 'zod'
import type { Json } from '../json.ts'

/** The Amazon States Language as far as the engine runs it. Any other field is an error, never ignored. https://states-language.net */

const json: z.ZodType<Json> = z.json()
const stateName = z.string().min(1).max(80)
const seconds = z.union([z.int().min(0).max(99_999_999), z.string()])
const positiveSeconds = z.union([z.int().min(1).max(99_999_999), z.string()])

const variableName = z
  .string()
  .max(80)
  .regex(/^[\p{ID_Start}_][\p{ID_Continue}]*$/u, 'is not a variable name')
  .refine((name) => name !== 'states', 'is reserved')
const assign = z.record(variableName, json)

const common = {
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  Comment: z.string().optional(),
}
const transition = { Next: stateName.optional(), End: z.boolean().optional() }
const result = { Output: json.optional(), Assign: assign.optional() }
const errorNames = z.array(z.string().min(1)).min(1)

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  IntervalSeconds: z.int().min(1).max(99_999_999).default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_399).optional(),
  JitterStrategy: z.enum(['NONE', 'FULL']).default('NONE'),
})
const catcher = z.strictObject({ Comment: z.string().optional(), ErrorEquals: errorNames, Next: stateName, ...result })
const recovery = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() }

const task = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...transition,
  ...result,
  ...recovery,
  Resource: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:states:::lambda:invoke(\.waitForTaskToken)?$/,
      'only lambda:invoke and its .waitForTaskToken are supported',
    ),
  Arguments: json,
  TimeoutSeconds: positiveSeconds.optional(),
  HeartbeatSeconds: positiveSeconds.optional(),
})

const choiceRule = z.strictObject({
  Comment: z.string().optional(),
  Condition: z.union([z.boolean(), z.string()]),
  Next: stateName,
  ...result,
})
const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  ...result,
  Choices: z.array(choiceRule).min(1),
  Default: stateName.optional(),
})

const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...common,
  ...transition,
  ...result,
  Seconds: seconds.optional(),
  Timestamp: z.string().optional(),
})
const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...transition, ...result })
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: json.optional() })
const fail = z.strictObject({
  Type: z.literal('Fail'),
  ...common,
  Error: z.string().optional(),
  Cause: z.string().optional(),
})

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...common,
  ...transition,
  ...result,
  ...recovery,
  Arguments: json.optional(),
  get Branches() {
    return z.array(branchSchema).min(1)
  },
})
const map = z.strictObject({
  Type: z.literal('Map'),
  ...common,
  ...transition,
  ...result,
  ...recovery,
  Items: z.union([z.array(json), z.string()]).optional(),
  ItemSelector: json.optional(),
  MaxConcurrency: z.union([z.int().min(0), z.string()]).optional(),
  get ItemProcessor() {
    return processorSchema
  },
})

const stateSchema = z.discriminatedUnion('Type', [task, choice, wait, pass, succeed, fail, parallel, map])

export interface StatesShape {
  StartAt: string
  States: Record<string, StateShape>
}

const statesFields = {
  StartAt: stateName,
  get States(): z.ZodType<Record<string, StateShape>> {
    return z.record(stateName, stateSchema)
  },
}

const branchSchema: z.ZodType<StatesShape> = z.strictObject({ Comment: z.string().optional(), ...statesFields })
const processorSchema: z.ZodType<StatesShape> = z.strictObject({
  Comment: z.string().optional(),
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
  ...statesFields,
})

export const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  ...statesFields,
})

export type TaskShape = z.infer<typeof task>
export type ChoiceShape = z.infer<typeof choice>
export type WaitShape = z.infer<typeof wait>
export type PassShape = z.infer<typeof pass>
export type SucceedShape = z.infer<typeof succeed>
export type FailShape = z.infer<typeof fail>
export type ParallelShape = z.infer<typeof parallel>
export type MapShape = z.infer<typeof map>
export type RetrierShape = z.infer<typeof retrier>
export type CatcherShape = z.infer<typeof catcher>
export type StateShape =
  TaskShape | ChoiceShape | WaitShape | PassShape | SucceedShape | FailShape | ParallelShape | MapShape
