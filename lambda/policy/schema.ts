import type { KindSpec } from '../domain/kind-spec.ts'
import { resourceTypeOf } from './request.ts'
import type { SourceFile } from './statements.ts'

/** The schema in one text, and where each part of it was written. */
export interface Schema extends SourceFile {
  /** Of the files after the first: the line of the whole, from 1, on which each begins. */
  parts?: readonly { file: string; begins: number }[]
}

type Spec = Pick<KindSpec, 'kind' | 'mayBeActive'>

/** What policies can speak of: the common part and the entity type of each kind. Actions apply to the types of kinds. */
export function joinSchema(common: SourceFile, kinds: readonly { spec: Spec; source: SourceFile }[]): Schema {
  const typesOf = (specs: readonly Spec[]): string => specs.map(({ kind }) => resourceTypeOf(kind)).join(', ')
  const specs = kinds.map(({ spec }) => spec)
  let text = common.text
    .replaceAll(/\bEveryKind\b/g, typesOf(specs))
    .replaceAll(/\bEveryKindThatMayBeActive\b/g, typesOf(specs.filter(({ mayBeActive }) => mayBeActive === true)))
  const parts = kinds.map(({ source }) => {
    text += '\n'
    const begins = text.split('\n').length
    text += source.text
    return { file: source.file, begins }
  })
  return { file: common.file, text, parts }
}

/** The file, and the line in it, of a line of the whole. */
export function placeIn({ file, parts = [] }: Schema, line: number): { file: string; line: number } {
  const part = parts.findLast(({ begins }) => begins <= line)
  return part === undefined ? { file, line } : { file: part.file, line: line - part.begins + 1 }
}
