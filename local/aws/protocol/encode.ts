import { shapeOf, type Model, type Shape } from '../model.ts'
import { isRecord } from './record.ts'

export type Encode = (value: unknown) => unknown

/**
 * Turns an operation's answer into JSON as the model says: only modelled members leave, Date and milliseconds become
 * epoch seconds, bytes become base64. Throws when an operation answers with another type than the model's.
 */
export class JsonEncoders {
  readonly #model: Model
  readonly #compiled = new Map<string, Encode>()

  constructor(model: Model) {
    this.#model = model
  }

  of(name: string): Encode {
    const known = this.#compiled.get(name)
    if (known !== undefined) return known
    this.#compiled.set(name, (value) => this.of(name)(value))
    const encode = this.#compile(name, shapeOf(this.#model, name))
    this.#compiled.set(name, encode)
    return encode
  }

  #compile(name: string, shape: Shape): Encode {
    switch (shape.type) {
      case 'structure':
        return this.#structure(name, shape)
      case 'list': {
        const encode = this.of(shape.member ?? '')
        return (value) => listOf(value, name).map((item) => encode(item))
      }
      case 'map': {
        const encode = this.of(shape.value ?? '')
        return (value) =>
          Object.fromEntries(Object.entries(recordOf(value, name)).map(([key, item]) => [key, encode(item)] as const))
      }
      case 'timestamp':
        return (value) => dateOf(value, name).getTime() / 1000
      case 'blob':
        return (value) => bytesOf(value, name).toString('base64')
      case 'string':
      case 'integer':
      case 'long':
      case 'boolean':
        return (value) => leafOf(value, shape.type, name)
    }
  }

  #structure(name: string, shape: Shape): Encode {
    const members = Object.entries(shape.members)
      .filter(([, member]) => member.location === undefined)
      .map(([key, member]) => [key, this.of(member.shape)] as const)
    return (value) => {
      const source = recordOf(value, name)
      const result: Record<string, unknown> = {}
      for (const [key, encode] of members) {
        const item = source[key]
        if (item !== undefined && item !== null) result[key] = encode(item)
      }
      return result
    }
  }
}

export function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (!isRecord(value)) throw new Error(`expected a structure for \`${name}\`, got ${typeof value}`)
  return value
}

export function listOf(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`expected a list for \`${name}\`, got ${typeof value}`)
  return value
}

/** Operations give times as Date or as milliseconds since 1970. */
export function dateOf(value: unknown, name: string): Date {
  const date = typeof value === 'number' ? new Date(value) : value
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) throw new Error(`expected a time for \`${name}\``)
  return date
}

export function bytesOf(value: unknown, name: string): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value instanceof Uint8Array) return Buffer.from(value)
  throw new Error(`expected bytes for \`${name}\`, got ${typeof value}`)
}

export function leafOf(value: unknown, type: Shape['type'], name: string): string | number | boolean {
  if (type === 'string' && typeof value === 'string') return value
  if (type === 'boolean' && typeof value === 'boolean') return value
  if ((type === 'integer' || type === 'long') && typeof value === 'number') return value
  throw new Error(`expected ${type} for \`${name}\`, got ${typeof value}`)
}
