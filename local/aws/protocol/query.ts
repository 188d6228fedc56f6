import type { Model, OperationModel } from '../model.ts'
import { Decoders } from './decode.ts'
import { element, escapeXml, XmlEncoders } from './encode-xml.ts'
import { queryErrors, type Failure } from './failure.ts'
import { parseForm } from './form.ts'
import { asInput, type Route, type Wire, type WireResponse } from './wire.ts'

type Open = (form: Record<string, unknown>) => Route

/** AWS query: a form with `Action` and `Version`, answered in XML. */
export function queryWire(model: Model): Wire {
  const openers = compileOperations(model)
  return {
    errors: queryErrors,
    // unsigned forms name their service in the body only, and are refused in the same words by all of them
    claims: ({ method, path, headers }) =>
      method === 'POST' &&
      path === '/' &&
      (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'),
    route: ({ query }, body) => {
      // the query protocol takes its form from the URL as well
      const form = parseForm(body.length > 0 ? body.toString('utf8') : query.toString())
      const action = form['Action']
      if (typeof action !== 'string' || action === '') {
        return { code: 'MissingAction', status: 400, message: 'The request is missing an action.' }
      }
      const open = form['Version'] === model.apiVersion ? openers.get(action) : undefined
      return open === undefined ? unknownAction(action, form['Version']) : open(form)
    },
    fail: (failure, requestId) => writeError(model, failure, requestId),
  }
}

function unknownAction(action: string, version: unknown): Failure {
  return queryErrors.unknownOperation(`${action} for version ${typeof version === 'string' ? version : 'null'}`)
}

function compileOperations(model: Model): Map<string, Open> {
  const decoders = new Decoders(model)
  const encoders = new XmlEncoders(model)
  return new Map(
    Object.entries(model.operations).map(([operation, operationModel]) => {
      const decode = operationModel.input === undefined ? undefined : decoders.of(operationModel.input, 'text')
      const encode = compileAnswer(model, encoders, { operation, operationModel })
      const open: Open = (form) => ({
        operation,
        model: operationModel,
        decode: (problems) => asInput(decode?.(form, '', problems)),
        encode,
      })
      return [operation, open] as const
    }),
  )
}

function compileAnswer(
  model: Model,
  encoders: XmlEncoders,
  { operation, operationModel: { output, resultWrapper } }: { operation: string; operationModel: OperationModel },
): Route['encode'] {
  const encodeResult = output === undefined ? undefined : encoders.of(output)
  const root = `${operation}Response`
  return (value, requestId) => {
    const inner = encodeResult === undefined ? '' : encodeResult(value ?? {})
    const result = resultWrapper === undefined ? inner : element(resultWrapper, inner)
    return xml(200, requestId, `<${root}${namespaceOf(model)}>${result}${metadata(requestId)}</${root}>`)
  }
}

function writeError(model: Model, { code, message, status }: Failure, requestId: string): WireResponse {
  const type = status >= 500 ? 'Receiver' : 'Sender'
  const error = element('Type', type) + element('Code', escapeXml(code)) + element('Message', escapeXml(message))
  const inner = element('Error', error) + element('RequestId', requestId)
  return xml(status, requestId, `<ErrorResponse${namespaceOf(model)}>${inner}</ErrorResponse>`)
}

function namespaceOf({ xmlNamespace }: Model): string {
  return xmlNamespace === undefined ? '' : ` xmlns="${escapeXml(xmlNamespace)}"`
}

function metadata(requestId: string): string {
  return element('ResponseMetadata', element('RequestId', requestId))
}

function xml(status: number, requestId: string, body: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body }
}
