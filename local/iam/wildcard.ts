/** `*` is any text and `?` one character, as in a policy's actions, resources and *Like conditions. */
export function wildcard(pattern: string, { ignoreCase = false } = {}): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return ignoreCase ? sameText(pattern) : (text) => text === pattern
  const source = pattern
    .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'si' : 's')
  return (text) => expression.test(text)
}

function sameText(pattern: string): (text: string) => boolean {
  const lower = pattern.toLowerCase()
  return (text) => text.toLowerCase() === lower
}

/** ARNs are compared part by part, so that a `*` stays in its part: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export function arnPattern(pattern: string): (text: string) => boolean {
  const parts = arnParts(pattern).map((part) => wildcard(part))
  return (text) => {
    const given = arnParts(text)
    return given.length === parts.length && parts.every((matches, index) => matches(given[index] ?? ''))
  }
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}
