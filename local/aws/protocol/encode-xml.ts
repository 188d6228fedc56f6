import { shapeOf, type Model, type Shape } from '../model.ts'
import { bytesOf, dateOf, leafOf, listOf, recordOf } from './encode.ts'

/** The inner XML of a value, without its own element. */
export type EncodeXml = (value: unknown) => string

/** The query protocol's answers: members in the model's order, lists as `<member>`, times in ISO 8601. */
export class XmlEncoders {
  readonly #model: Model
  readonly #compiled = new Map<string, EncodeXml>()

  constructor(model: Model) {
    this.#model = model
  }

  of(name: string): EncodeXml {
    const known = this.#compiled.get(name)
    if (known !== undefined) return known
    this.#compiled.set(name, (value) => this.of(name)(value))
    const encode = this.#compile(name, shapeOf(this.#model, name))
    this.#compiled.set(name, encode)
    return encode
  }

  #compile(name: string, shape: Shape): EncodeXml {
    switch (shape.type) {
      case 'structure':
        return this.#structure(name, shape)
      case 'list': {
        const encode = this.of(shape.member ?? '')
        return (value) =>
          listOf(value, name)
            .map((item) => element('member', encode(item)))
            .join('')
      }
      case 'map':
        throw new Error('maps in XML are not supported')
      case 'timestamp':
        return (value) => isoSeconds(dateOf(value, name))
      case 'blob':
        return (value) => bytesOf(value, name).toString('base64')
      case 'string':
      case 'integer':
      case 'long':
      case 'boolean':
        return (value) => escapeXml(String(leafOf(value, shape.type, name)))
    }
  }

  #structure(name: string, shape: Shape): EncodeXml {
    const members = Object.entries(shape.members).map(([key, member]) => [key, this.of(member.shape)] as const)
    return (value) => {
      const source = recordOf(value, name)
      return members
        .map(([key, encode]) =>
          source[key] === undefined || source[key] === null ? '' : element(key, encode(source[key])),
        )
        .join('')
    }
  }
}

export function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`
}

/** Without decimals where there are none, as IAM and STS write times. */
function isoSeconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** Also drops the characters that XML 1.0 cannot hold at all; `\r` as an entity, or readers turn it into `\n`. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
