import type * as z from 'zod'

type Issue = z.core.$ZodIssue

/** One line for each thing wrong: `path`: expected ..., got ... */
export function explainIssues(issues: readonly Issue[], input: unknown): string {
  return issues.flatMap((issue) => linesOf(issue, input)).join('\n')
}

function linesOf(issue: Issue, input: unknown): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `  \`${pathText([...issue.path, key])}\`: expected a known key, got an unknown one`)
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => lineOf(issue.path, expectedBy(inner), issue.path.at(-1)))
  return [lineOf(issue.path, expectedBy(issue), valueAt(input, issue.path))]
}

function lineOf(path: readonly PropertyKey[], expected: string, got: unknown): string {
  return `  \`${pathText(path)}\`: expected ${expected}, got ${shown(got)}`
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${article(issue.expected)} ${issue.expected}`
    case 'invalid_value':
      return issue.values.map((value) => `'${String(value)}'`).join(' or ')
    case 'invalid_format':
      return issue.format === 'email' ? 'an e-mail address' : bare(issue.message)
    case 'too_big':
    case 'too_small':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return bare(issue.message)
  }
}

/** Schemas of the contract begin their messages with `expected` themselves. */
function bare(message: string): string {
  return message.replace(/^expected /, '')
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a'
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the whole' : path.map(String).join('.')
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  }, input)
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : `\`${JSON.stringify(value).slice(0, 80)}\``
}
