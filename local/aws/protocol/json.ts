import type { Model } from '../model.ts'
import { Decoders } from './decode.ts'
import { JsonEncoders } from './encode.ts'
import { jsonErrors } from './failure.ts'
import { errorMembers, parseJsonBody } from './json-body.ts'
import { asInput, type Route, type Wire, type WireResponse } from './wire.ts'

/** AWS JSON 1.0 and 1.1: one URI, the operation in `X-Amz-Target`, errors by `__type`. */
export function jsonWire(model: Model): Wire {
  const contentType = `application/x-amz-json-${model.jsonVersion}`
  const encoders = new JsonEncoders(model)
  const prefix = `${model.targetPrefix ?? ''}.`
  const openers = compileOperations(model, encoders, contentType)
  return {
    errors: jsonErrors,
    claims: ({ headers }) => targetOf(headers['x-amz-target']).startsWith(prefix),
    route: ({ headers }, body) => {
      const target = targetOf(headers['x-amz-target'])
      const open = target.startsWith(prefix) ? openers.get(target.slice(prefix.length)) : undefined
      return open === undefined ? jsonErrors.unknownOperation(target) : open(body)
    },
    fail: (failure, requestId) => ({
      status: failure.status,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: JSON.stringify({ __type: failure.code, ...errorMembers(model, encoders, failure) }),
    }),
  }
}

function compileOperations(
  model: Model,
  encoders: JsonEncoders,
  contentType: string,
): Map<string, (body: Buffer) => Route> {
  const decoders = new Decoders(model)
  return new Map(
    Object.entries(model.operations).map(([operation, operationModel]) => {
      const decode = operationModel.input === undefined ? undefined : decoders.of(operationModel.input, 'json')
      const encodeBody = operationModel.output === undefined ? undefined : encoders.of(operationModel.output)
      const encode = (output: unknown, requestId: string): WireResponse => ({
        status: 200,
        headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
        body: encodeBody === undefined ? '' : JSON.stringify(encodeBody(output ?? {})),
      })
      const open = (body: Buffer): Route => ({
        operation,
        model: operationModel,
        decode: (problems) => asInput(decode?.(parseJsonBody(body), '', problems)),
        encode,
      })
      return [operation, open] as const
    }),
  )
}

function targetOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}
