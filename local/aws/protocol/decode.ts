import { shapeOf, type Model, type Shape } from '../model.ts'
import { rangeCheck, sizeCheck, stringCheck } from './checks.ts'
import { memberPath, missing, wrongType, type Problem } from './problem.ts'
import { isRecord } from './record.ts'

/** Turns what came over the wire into what operations work with, noting every problem on the way. */
export type Decode = (raw: unknown, path: string, problems: Problem[]) => unknown

/** `text`: leaves are strings (URI, query string, header, form); lists are `{member: {1: …}}` as forms nest them. */
export type Wire = 'json' | 'text'

/** Compiles a model's decoders, each shape once. Timestamps become Date, blobs Uint8Array; unknown members are dropped. */
export class Decoders {
  readonly #model: Model
  readonly #compiled = new Map<string, Decode>()

  constructor(model: Model) {
    this.#model = model
  }

  of(name: string, wire: Wire): Decode {
    const key = `${wire} ${name}`
    const known = this.#compiled.get(key)
    if (known !== undefined) return known
    // shapes may hold themselves: what is not compiled yet is looked up when it is first used
    this.#compiled.set(key, (raw, path, problems) => this.of(name, wire)(raw, path, problems))
    const decode = this.#compile(shapeOf(this.#model, name), wire)
    this.#compiled.set(key, decode)
    return decode
  }

  #compile(shape: Shape, wire: Wire): Decode {
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, wire)
      case 'list':
        return this.#list(shape, wire)
      case 'map':
        return this.#map(shape, wire)
      case 'string':
        return decodeString(shape)
      case 'integer':
      case 'long':
        return decodeInteger(shape, wire)
      case 'boolean':
        return decodeBoolean(wire)
      case 'timestamp':
        return decodeTimestamp(wire)
      case 'blob':
        return decodeBlob(shape)
    }
  }

  #structure(shape: Shape, wire: Wire): Decode {
    const required = new Set(shape.required)
    const members = Object.entries(shape.members).map(([name, member]) => ({
      name,
      required: required.has(name),
      decode: this.of(member.shape, member.location === undefined ? wire : 'text'),
    }))
    return (raw, path, problems) => {
      const source = raw === '' && wire === 'text' ? {} : raw
      if (!isRecord(source)) return void problems.push(wrongType(path, 'a structure', raw))
      const result: Record<string, unknown> = {}
      for (const { name, required, decode } of members) {
        const value = source[name]
        if (value !== undefined && value !== null) result[name] = decode(value, memberPath(path, name), problems)
        else if (required) problems.push(missing(memberPath(path, name)))
      }
      return result
    }
  }

  #list(shape: Shape, wire: Wire): Decode {
    const decode = this.of(shape.member ?? '', wire)
    const check = sizeCheck(shape)
    return (raw, path, problems) => {
      const items = wire === 'json' ? raw : itemsOfForm(raw, shape.flattened)
      if (!Array.isArray(items)) return void problems.push(wrongType(path, 'a list', raw))
      check(items.length, path, problems)
      return items.map((item: unknown, index) => decode(item, `${path}.${index + 1}.member`, problems))
    }
  }

  #map(shape: Shape, wire: Wire): Decode {
    if (wire === 'text') throw new Error('maps in forms are not supported')
    const decode = this.of(shape.value ?? '', wire)
    const check = sizeCheck(shape)
    return (raw, path, problems) => {
      if (!isRecord(raw)) return void problems.push(wrongType(path, 'a map', raw))
      const entries = Object.entries(raw).filter(([, value]) => value !== null)
      check(entries.length, path, problems)
      return Object.fromEntries(
        entries.map(([key, value]) => [key, decode(value, `${path}.${key}.member`, problems)] as const),
      )
    }
  }
}

function itemsOfForm(raw: unknown, flattened: boolean): unknown[] | undefined {
  if (raw === '') return []
  const numbered = flattened || !isRecord(raw) ? raw : raw['member']
  if (!isRecord(numbered)) return undefined
  // names that are whole numbers come in their order, however the form had them
  return Object.values(numbered)
}

function decodeString(shape: Shape): Decode {
  const check = stringCheck(shape)
  return (raw, path, problems) => {
    if (typeof raw !== 'string') return void problems.push(wrongType(path, 'a string', raw))
    check(raw, path, problems)
    return raw
  }
}

function decodeInteger(shape: Shape, wire: Wire): Decode {
  const check = rangeCheck(shape)
  return (raw, path, problems) => {
    const value = wire === 'text' && typeof raw === 'string' && /^[+-]?\d{1,15}$/.test(raw) ? Number(raw) : raw
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      return void problems.push(wrongType(path, 'an integer', raw))
    }
    check(value, path, problems)
    return value
  }
}

function decodeBoolean(wire: Wire): Decode {
  return (raw, path, problems) => {
    if (typeof raw === 'boolean') return raw
    if (wire === 'text' && typeof raw === 'string' && /^(true|false)$/i.test(raw)) return raw.toLowerCase() === 'true'
    return void problems.push(wrongType(path, 'a boolean', raw))
  }
}

/** Epoch seconds or ISO 8601: services take both on the way in. */
function decodeTimestamp(wire: Wire): Decode {
  return (raw, path, problems) => {
    const seconds = wire === 'text' && typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw
    const date = typeof seconds === 'number' ? new Date(seconds * 1000) : new Date(typeof raw === 'string' ? raw : NaN)
    if (Number.isNaN(date.getTime())) return void problems.push(wrongType(path, 'a timestamp', raw))
    return date
  }
}

/** Base64, or the bytes themselves where they are the whole body. */
function decodeBlob(shape: Shape): Decode {
  const check = sizeCheck(shape)
  return (raw, path, problems) => {
    const bytes = typeof raw === 'string' ? Buffer.from(raw, 'base64') : raw
    if (!(bytes instanceof Uint8Array)) return void problems.push(wrongType(path, 'a blob', raw))
    check(bytes.byteLength, path, problems)
    return bytes
  }
}
