import type { RuleTarget } from './assembly/specs.ts'

/** What a target receives: a constant, a part of the event, a text built from it, or all of it. */
export function targetInput({ input, inputPath, transformer }: RuleTarget, event: unknown): string {
  if (input !== undefined) return input
  if (transformer !== undefined) {
    const values = Object.entries(transformer.paths).map(([name, path]) => [name, valueAt(event, path)] as const)
    return fillTemplate(transformer.template, new Map(values))
  }
  return json(inputPath === undefined ? event : valueAt(event, inputPath))
}

/** `$.detail.name` or `$['detail-type']`: no filters, as EventBridge. */
function valueAt(event: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\['([^']+)'\]|\[(\d+)\]/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
      ? Object.getOwnPropertyDescriptor(value, step)?.value
      : undefined
  }, event)
}

/** `<name>` inside a quoted text becomes bare text, elsewhere JSON. */
function fillTemplate(template: string, values: ReadonlyMap<string, unknown>): string {
  const pieces = template.split(/<([\w.-]+)>/)
  let text = ''
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 0) text += piece
    else if (!values.has(piece)) text += `<${piece}>`
    else text += insideQuotes(text) ? bare(values.get(piece)) : json(values.get(piece))
  }
  return text
}

function insideQuotes(before: string): boolean {
  return (before.replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1
}

function bare(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value : json(value)).slice(1, -1)
}

function json(value: unknown): string {
  return JSON.stringify(value ?? null)
}
