import { readFileSync } from 'node:fs'
import * as z from 'zod'

const memberSchema = z.object({
  shape: z.string(),
  location: z.enum(['uri', 'querystring', 'header', 'statusCode']).optional(),
  locationName: z.string().optional(),
})
export type Member = z.infer<typeof memberSchema>

const shapeSchema = z.object({
  type: z.enum(['structure', 'list', 'map', 'string', 'integer', 'long', 'boolean', 'timestamp', 'blob']),
  members: z.record(z.string(), memberSchema).default({}),
  required: z.array(z.string()).default([]),
  member: z.string().optional(),
  key: z.string().optional(),
  value: z.string().optional(),
  flattened: z.boolean().default(false),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  sensitive: z.boolean().default(false),
  exception: z.boolean().default(false),
  fault: z.boolean().default(false),
  error: z
    .object({
      code: z.string().optional(),
      httpStatusCode: z.number().optional(),
      senderFault: z.boolean().optional(),
    })
    .default({}),
})
export type Shape = z.infer<typeof shapeSchema>

const operationSchema = z.object({
  http: z.object({ method: z.string(), requestUri: z.string(), responseCode: z.number().optional() }),
  input: z.string().optional(),
  output: z.string().optional(),
  resultWrapper: z.string().optional(),
  errors: z.array(z.string()).default([]),
})
export type OperationModel = z.infer<typeof operationSchema>

const modelSchema = z.object({
  service: z.string(),
  apiVersion: z.string(),
  protocol: z.enum(['rest-json', 'query', 'json']),
  signingName: z.string(),
  jsonVersion: z.string().default('1.1'),
  targetPrefix: z.string().optional(),
  xmlNamespace: z.string().optional(),
  operations: z.record(z.string(), operationSchema),
  shapes: z.record(z.string(), shapeSchema),
})
/** What AWS publishes of a service: operations, shapes with their limits, errors with code and status. */
export type Model = z.infer<typeof modelSchema>

/** Reads `models/<name>.json`; throws when it is not a service model. */
export function loadModel(name: string): Model {
  const text = readFileSync(new URL(`./models/${name}.json`, import.meta.url), 'utf8')
  const model = modelSchema.safeParse(JSON.parse(text))
  if (!model.success) throw new Error(`expected a service model in \`${name}.json\`: ${z.prettifyError(model.error)}`)
  return model.data
}

/** Throws on a name the model does not have, which is a fault in the model file. */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name]
  if (shape === undefined) throw new Error(`no shape \`${name}\` in the model of ${model.service}`)
  return shape
}
