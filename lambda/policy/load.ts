import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { PolicyDocument, PolicySettings } from './document.ts'
import { PolicySetInvalid } from './problem.ts'
import type { SourceFile } from './statements.ts'
import { validatePolicySet } from './validate.ts'
import type { PolicySource } from './validate.ts'

const schemaFile = 'schema.cedarschema'

/** Reads the schema and every `*.cedar` file of the folder; folders in it are not read. */
export function loadPolicySet(dir: string): PolicySource {
  const names = readdirSync(dir).sort()
  if (!names.includes(schemaFile)) {
    throw new PolicySetInvalid([{ file: shownPath(join(dir, schemaFile)), line: 1, reason: 'the schema is missing' }])
  }
  return {
    schema: readSource(join(dir, schemaFile)),
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
