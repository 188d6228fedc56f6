/** What is wrong with an input. `type` is a value of another type than the model's: AWS cannot even read it. */
export interface Problem {
  kind: 'missing' | 'constraint' | 'type'
  /** As AWS writes it: `permissions.parameters.1.member.name`. */
  path: string
  text: string
}

export function missing(path: string): Problem {
  return {
    kind: 'missing',
    path,
    text: `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  }
}

export function constraint(path: string, shown: string, rule: string): Problem {
  return { kind: 'constraint', path, text: `Value${shown} at '${path}' failed to satisfy constraint: ${rule}` }
}

export function wrongType(path: string, expected: string, got: unknown): Problem {
  return { kind: 'type', path, text: `${wireTypeOf(got)} at '${path}' can not be converted to ${expected}` }
}

function wireTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY'
  if (typeof value === 'object') return 'START_OBJECT'
  return `${(typeof value).toUpperCase()}_VALUE`
}

/** `1 validation error detected: …`, as AWS puts several into one message. */
export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
  return `${count} detected: ${problems.map(({ text }) => text).join('; ')}`
}

/** Validation messages start each name in lower case, whatever the wire uses. */
export function memberPath(parent: string, name: string): string {
  const lowered = name.charAt(0).toLowerCase() + name.slice(1)
  return parent === '' ? lowered : `${parent}.${lowered}`
}
