import type { Model } from '../model.ts'
import type { Failure } from './failure.ts'
import type { JsonEncoders } from './encode.ts'
import { isRecord } from './record.ts'
import { UnreadableInput } from './wire.ts'

/** An empty body is an empty input. */
export function parseJsonBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  const parsed = parseJson(body.toString('utf8'))
  if (!isRecord(parsed)) throw new UnreadableInput('expected a JSON object as the body')
  return parsed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableInput('the body is not valid JSON')
  }
}

/** The members of an error as JSON; the message goes under the name the model has for it. */
export function errorMembers(model: Model, encoders: JsonEncoders, failure: Failure): Record<string, unknown> {
  const shape = failure.shape === undefined ? undefined : model.shapes[failure.shape]
  if (failure.shape === undefined || shape === undefined) return { message: failure.message }
  const name = Object.keys(shape.members).find((member) => member.toLowerCase() === 'message') ?? 'message'
  const encoded = encoders.of(failure.shape)(failure.members ?? {})
  return { ...(isRecord(encoded) ? encoded : {}), [name]: failure.message }
}
