import type { Resource, Template } from './template.ts'

/** What a resource answers to Ref and Fn::GetAtt; undefined when the local run has no such attribute. */
export interface ResourceValues {
  ref: string
  attributes: Readonly<Record<string, string>>
}

export interface ResolverOptions {
  template: Template
  pseudo: Readonly<Record<string, string>>
  /** Called with the resource's own properties, which may refer to others in turn. */
  valuesOf: (logicalId: string, resource: Resource) => ResourceValues | undefined
}

export class AssemblyError extends Error {
  override readonly name = 'AssemblyError'
}

/** AWS::NoValue: the property is as if it were not written. */
const noValue = Symbol('AWS::NoValue')

export interface Resolver {
  /** Resolves all of a resource's properties; `logicalId` names the place in errors. */
  resolve: (logicalId: string, value: unknown) => unknown
  /** False when the resource's Condition does not hold. */
  holds: (condition: string | undefined) => boolean
}

/** CloudFormation's intrinsic functions over one template, with local values for what an account would give. */
export function createResolver({ template, pseudo, valuesOf }: ResolverOptions): Resolver {
  const resolving = new Set<string>()
  const known = new Map<string, ResourceValues>()

  function fail(place: string, why: string): never {
    throw new AssemblyError(`${place}: ${why}`)
  }

  function resourceValues(logicalId: string, place: string): ResourceValues {
    const found = known.get(logicalId)
    if (found !== undefined) return found
    const resource = template.Resources[logicalId]
    if (resource === undefined) fail(place, `refers to \`${logicalId}\`, which is not in the template`)
    if (resolving.has(logicalId)) fail(place, `refers to \`${logicalId}\` in a circle`)
    resolving.add(logicalId)
    const values = valuesOf(logicalId, resource)
    resolving.delete(logicalId)
    if (values === undefined) fail(place, `refers to \`${logicalId}\` (${resource.Type}), which has no local value`)
    known.set(logicalId, values)
    return values
  }

  function ref(name: string, place: string): unknown {
    if (name === 'AWS::NoValue') return noValue
    const fixed = pseudo[name]
    if (fixed !== undefined) return fixed
    const parameter = template.Parameters[name]
    if (parameter === undefined) return resourceValues(name, place).ref
    if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM'))
      fail(place, `parameter \`${name}\` has no value that this machine can know`)
    return parameter.Default
  }

  function attribute(argument: unknown, place: string): string {
    const path = typeof argument === 'string' ? argument.split('.') : list(argument, place)
    const [logicalId, name] = [text(path[0], place), path.slice(1).map(String).join('.')]
    const value = resourceValues(logicalId, place).attributes[name]
    if (value === undefined)
      fail(place, `cannot resolve ${name} of \`${logicalId}\` (${template.Resources[logicalId]?.Type ?? ''})`)
    return value
  }

  function substitute(argument: unknown, place: string): string {
    const parts: readonly unknown[] = Array.isArray(argument) ? argument : [argument, {}]
    const [pattern, variables] = [parts[0], resolve(place, parts[1])]
    return text(pattern, place).replace(/\$\{(!?)([^}]+)\}/g, (_all, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`
      if (isObject(variables) && name in variables) return scalar(variables[name], place)
      return name.includes('.') ? attribute(name, place) : scalar(ref(name, place), place)
    })
  }

  function condition(value: unknown, place: string): boolean {
    if (isObject(value)) {
      if ('Condition' in value) return holds(text(value.Condition, place))
      if ('Fn::And' in value) return list(value['Fn::And'], place).every((one) => condition(one, place))
      if ('Fn::Or' in value) return list(value['Fn::Or'], place).some((one) => condition(one, place))
      if ('Fn::Not' in value) return !condition(list(value['Fn::Not'], place)[0], place)
      if ('Fn::Equals' in value) {
        const [left, right] = list(resolve(place, value['Fn::Equals']), place)
        return JSON.stringify(left) === JSON.stringify(right)
      }
    }
    return fail(place, 'has a condition that is not supported')
  }

  function holds(name: string | undefined): boolean {
    if (name === undefined) return true
    const definition = template.Conditions[name]
    return definition === undefined ? fail(name, 'no such condition') : condition(definition, name)
  }

  const functions: Readonly<Record<string, (argument: unknown, place: string) => unknown>> = {
    Ref: (argument, place) => ref(text(argument, place), place),
    'Fn::GetAtt': attribute,
    'Fn::Sub': substitute,
    'Fn::Join': (argument, place) => {
      const [separator, parts] = list(argument, place)
      return list(resolve(place, parts), place)
        .map((part) => scalar(part, place))
        .join(text(separator, place))
    },
    'Fn::Select': (argument, place) => {
      const [index, options] = list(resolve(place, argument), place)
      return list(options, place)[Number(index)] ?? fail(place, `Fn::Select has no element ${String(index)}`)
    },
    'Fn::Split': (argument, place) => {
      const [separator, whole] = list(resolve(place, argument), place)
      return text(whole, place).split(text(separator, place))
    },
    'Fn::If': (argument, place) => {
      const [name, yes, no] = list(argument, place)
      return resolveAny(holds(text(name, place)) ? yes : no, place)
    },
    'Fn::FindInMap': (argument, place) => {
      const [map, first, second] = list(resolve(place, argument), place).map((part) => text(part, place))
      const value = template.Mappings[map ?? '']?.[first ?? '']?.[second ?? '']
      return value ?? fail(place, `Fn::FindInMap finds no ${[map, first, second].join('.')}`)
    },
    'Fn::ToJsonString': (argument, place) => JSON.stringify(resolve(place, argument)),
  }

  function resolveAny(value: unknown, place: string): unknown {
    if (Array.isArray(value))
      return value.map((one) => resolveAny(one, place)).filter((resolved) => resolved !== noValue)
    if (!isObject(value)) return value
    const [only, ...others] = Object.keys(value)
    if (only !== undefined && others.length === 0) {
      const intrinsic = functions[only]
      if (intrinsic !== undefined) return intrinsic(value[only], place)
      if (only.startsWith('Fn::')) fail(place, `${only} is not supported`)
    }
    const entries = Object.entries(value).map(([key, one]) => [key, resolveAny(one, place)] as const)
    return Object.fromEntries(entries.filter(([, resolved]) => resolved !== noValue))
  }

  function resolve(place: string, value: unknown): unknown {
    const resolved = resolveAny(value, place)
    return resolved === noValue ? undefined : resolved
  }

  function list(value: unknown, place: string): readonly unknown[] {
    return Array.isArray(value) ? value : fail(place, 'expected a list in an intrinsic function')
  }

  function text(value: unknown, place: string): string {
    return typeof value === 'string' ? value : fail(place, 'expected a string in an intrinsic function')
  }

  function scalar(value: unknown, place: string): string {
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    return fail(place, 'expected a single value in an intrinsic function')
  }

  return { resolve, holds }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
