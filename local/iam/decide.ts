import type { Asked, Matched, Right, Statement } from './statement.ts'

export type Refusal = {
  allowed: false
  /** No statement allows it, one denies it, or one cannot be evaluated here. */
  why: 'nothing-allows' | 'denied' | 'unclear'
  /** The statement that decided, or came nearest, and what was wrong with it. */
  considered?: string | undefined
}
export type Decision = { allowed: true; scope: 'self' | 'account'; rights: readonly Right[] } | Refusal

/**
 * What a set of statements says: an explicit deny wins, then what cannot be evaluated, then any allow; else no.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], asked: Asked): Decision {
  const rights: Right[] = []
  let scope: 'self' | 'account' | undefined
  let nearly: string | undefined
  let unclear: string | undefined
  for (const statement of statements) {
    const matched: Matched = statement.match(asked)
    if (matched.kind === 'unclear') unclear ??= matched.why
    else if (matched.kind === 'no') {
      if (statement.effect === 'Allow') nearly = matched.nearly ?? nearly
    } else if (statement.effect === 'Deny') return { allowed: false, why: 'denied', considered: statement.name }
    else {
      rights.push(...matched.rights)
      scope = scope === 'self' ? scope : matched.scope
    }
  }
  if (unclear !== undefined) return { allowed: false, why: 'unclear', considered: unclear }
  if (scope === undefined) return { allowed: false, why: 'nothing-allows', considered: nearly }
  return { allowed: true, scope, rights }
}
