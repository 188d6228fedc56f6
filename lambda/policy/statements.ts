/** A file of policies or the schema. Line ends are made `\n` when it is read, so that the digest is the same anywhere. */
export interface SourceFile {
  file: string
  text: string
}

/** One policy of a file, without the comments before it. */
export interface Statement {
  file: string
  /** Where it begins, from 1. */
  line: number
  text: string
}

/** Strings and comments may hold the semicolon that ends a policy. */
const token = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|;/gs
const leadingBlank = /^(?:\s+|\/\/[^\n]*)+/

/** Cedar's parser takes one text apart too, but says no lines and forgets `@id`. What is not a policy fails there later. */
export function splitStatements({ file, text }: SourceFile): Statement[] {
  const statements: Statement[] = []
  let start = 0
  const push = (end: number): void => {
    const raw = text.slice(start, end)
    const blank = leadingBlank.exec(raw)?.[0].length ?? 0
    const statement = raw.slice(blank).trimEnd()
    if (statement !== '') statements.push({ file, line: lineAt(text, start + blank), text: statement })
    start = end
  }
  for (const match of text.matchAll(token)) {
    if (match[0] === ';') push(match.index + 1)
  }
  push(text.length)
  return statements
}

/** Line (from 1) of a character of the text. */
function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Line (from 1) of a byte of the text: Cedar counts in UTF-8. */
export function lineAtByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().split('\n').length
}
