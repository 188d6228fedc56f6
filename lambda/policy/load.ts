import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { allKinds, type OfferKind } from '../domain/kinds.ts'
import type { PolicyDocument, PolicySettings } from './document.ts'
import { PolicySetInvalid } from './problem.ts'
import { joinSchema } from './schema.ts'
import type { SourceFile } from './statements.ts'
import { validatePolicySet } from './validate.ts'
import type { PolicySource } from './validate.ts'

const schemaFile = 'schema.cedarschema'
const kindSchemaFile = 'facts.cedarschema'

/** The folder of a kind, which has the part of the schema that is of its facts. */
type FolderOf = (kind: OfferKind) => string
const folderOfKind: FolderOf = (kind) => fileURLToPath(new URL(`../kinds/${kind}`, import.meta.url))

/** Reads the schema, common and of each kind, and every `*.cedar` file of the folder; folders in it are not read. */
export function loadPolicySet(dir: string, folderOf: FolderOf = folderOfKind): PolicySource {
  const names = readdirSync(dir).sort()
  if (!names.includes(schemaFile)) {
    throw new PolicySetInvalid([{ file: shownPath(join(dir, schemaFile)), line: 1, reason: 'the schema is missing' }])
  }
  return {
    schema: joinSchema(
      readSource(join(dir, schemaFile)),
      allKinds().map((spec) => ({ spec, source: readSource(join(folderOf(spec.kind), kindSchemaFile)) })),
    ),
    files: names.filter((name) => name.endsWith('.cedar')).map((name) => readSource(join(dir, name))),
  }
}

/** What synth lays beside the bundle that judges. Throws `PolicySetInvalid`. */
export function compilePolicySet(dir: string, settings: PolicySettings): PolicyDocument {
  return validatePolicySet(loadPolicySet(dir), settings)
}

function readSource(path: string): SourceFile {
  return { file: shownPath(path), text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n') }
}

/** Short where it can be: most people run this in the project's folder. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}
