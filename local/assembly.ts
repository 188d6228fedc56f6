import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { AssemblyError } from './assembly/intrinsics.ts'
import type { Assembly } from './assembly/specs.ts'
import { StackReader } from './assembly/stack.ts'
import { assetsSchema, manifestSchema, templateSchema } from './assembly/template.ts'
import type { LocalPlace } from './assembly/values.ts'

/** Reads a cloud assembly (`cdk.out`). Throws `AssemblyError`, naming the logical id, for anything that cannot run here. */
export function readAssembly(dir: string, place: LocalPlace): Assembly {
  const manifest = parseFile(join(dir, 'manifest.json'), manifestSchema)
  const stacks = Object.entries(manifest.artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, { environment, properties }]) =>
      readStack({ dir, id, file: properties?.templateFile, place: placeIn(environment, place) }),
    )
  const [first, ...others] = stacks
  if (first === undefined) throw new AssemblyError(`${dir}: no stack in the cloud assembly`)
  return { ...others.reduce(joinAssemblies, first), place }
}

/** Where a stack stands: at home, unless it names an account or a region. */
function placeIn(environment: string | undefined, home: LocalPlace): LocalPlace {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? []
  return {
    ...home,
    ...(account === undefined || account === 'unknown-account' ? {} : { account }),
    ...(region === undefined || region === 'unknown-region' ? {} : { region }),
  }
}

function joinAssemblies(one: Assembly, other: Assembly): Assembly {
  return {
    place: one.place,
    functions: [...one.functions, ...other.functions],
    queues: [...one.queues, ...other.queues],
    eventSources: [...one.eventSources, ...other.eventSources],
    rules: [...one.rules, ...other.rules],
    schedules: [...one.schedules, ...other.schedules],
    stateMachines: [...one.stateMachines, ...other.stateMachines],
    tables: [...one.tables, ...other.tables],
    routes: [...one.routes, ...other.routes],
    roles: [...one.roles, ...other.roles],
    secrets: [...one.secrets, ...other.secrets],
    configurationSets: [...one.configurationSets, ...other.configurationSets],
    buses: [...one.buses, ...other.buses],
    stackSets: [...one.stackSets, ...other.stackSets],
    resourcePolicies: [...one.resourcePolicies, ...other.resourcePolicies],
  }
}

interface StackFile {
  dir: string
  id: string
  file: string | undefined
  place: LocalPlace
}

function readStack({ dir, id, file, place }: StackFile): Assembly {
  const template = parseFile(join(dir, file ?? `${id}.template.json`), templateSchema)
  return new StackReader({ dir, place, template, stackName: id, assets: readAssets(dir, id) }).read()
}

function readAssets(dir: string, stack: string): Map<string, string> {
  const file = join(dir, `${stack}.assets.json`)
  // A stack that needs no bootstrapping has none.
  if (!existsSync(file)) return new Map()
  const { files } = parseFile(file, assetsSchema)
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(dir, source.path ?? '')] as const),
    ),
  )
}

function parseFile<Value>(file: string, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new AssemblyError(`${file}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
