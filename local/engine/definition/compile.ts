import { parseJson } from '../json.ts'
import type { Json } from '../json.ts'
import * as z from 'zod'
import type { Compilation, Place } from './compilation.ts'
import { compileState } from './compile-state.ts'
import type { Definition, State, States } from './model.ts'
import { DefinitionRefused, join, problemsOf } from './problems.ts'
import { definitionSchema } from './schema.ts'
import type { StateShape, StatesShape } from './schema.ts'

/** Throws DefinitionRefused with every problem by name and path. */
export function compileDefinition(name: string, given: unknown): Definition {
  const source = typeof given === 'string' ? parseJson(given) : toPlainJson(given)
  const parsed = definitionSchema.safeParse(source)
  if (!parsed.success || source === undefined) {
    const problems = parsed.success ? [{ path: '', message: 'expected JSON' }] : problemsOf(parsed.error)
    throw new DefinitionRefused(name, problems)
  }
  const { QueryLanguage: queryLanguage = 'JSONPath', TimeoutSeconds: timeoutSeconds } = parsed.data
  const compilation: Compilation = {
    problems: [],
    byId: new Map(),
    queryLanguage,
    compileStates: (shape, place) => compileStates(compilation, shape, place),
  }
  const root = compileStates(compilation, parsed.data, { id: '', path: '', outerVariables: new Set() })
  if (compilation.problems.length > 0) throw new DefinitionRefused(name, compilation.problems)
  return { timeoutSeconds, root, byId: compilation.byId, source }
}

function toPlainJson(given: unknown): Json | undefined {
  return z.json().safeParse(given).data
}

function compileStates(compilation: Compilation, shape: StatesShape, place: Place): States {
  const names = new Set(Object.keys(shape.States))
  const inside = Object.entries(shape.States)
  const assigned = new Set(inside.flatMap(([, state]) => assignedNames(state)))
  const states = new Map<string, State>()
  for (const [name, state] of inside) {
    const path = join(place.path, 'States', name)
    checkTargets(compilation, { state, path, names })
    checkAssigned(compilation, { state, path, outer: place.outerVariables })
    const outerVariables = new Set([...place.outerVariables, ...assigned])
    states.set(name, compileState(compilation, { name, shape: state, place: { id: place.id, path, outerVariables } }))
  }
  if (!names.has(shape.StartAt)) {
    compilation.problems.push({ path: join(place.path, 'StartAt'), message: `there is no state \`${shape.StartAt}\`` })
  }
  const compiled: States = { id: place.id, startAt: shape.StartAt, states }
  compilation.byId.set(place.id, compiled)
  return compiled
}

/** The parts of a state that may carry Assign. */
function assigningParts(state: StateShape): { Assign?: Record<string, Json> | undefined }[] {
  switch (state.Type) {
    case 'Succeed':
    case 'Fail':
      return []
    case 'Choice':
      return [state, ...state.Choices]
    case 'Task':
    case 'Map':
    case 'Parallel':
      return [state, ...(state.Catch ?? [])]
    case 'Wait':
    case 'Pass':
      return [state]
  }
}

function assignedNames(state: StateShape): string[] {
  return assigningParts(state).flatMap((part) => Object.keys(part.Assign ?? {}))
}

/** A variable of an outer scope can be read inside Map and Parallel, but not assigned. */
function checkAssigned(
  compilation: Compilation,
  { state, path, outer }: { state: StateShape; path: string; outer: ReadonlySet<string> },
): void {
  for (const name of assignedNames(state)) {
    if (!outer.has(name)) continue
    compilation.problems.push({ path: join(path, 'Assign', name), message: 'this variable belongs to an outer scope' })
  }
}

function checkTargets(
  compilation: Compilation,
  { state, path, names }: { state: StateShape; path: string; names: ReadonlySet<string> },
): void {
  for (const [field, target] of targetsOf(state)) {
    if (names.has(target)) continue
    compilation.problems.push({ path: join(path, field), message: `there is no state \`${target}\`` })
  }
}

function targetsOf(state: StateShape): [string, string][] {
  const targets: [string, string][] = []
  if ('Next' in state && state.Next !== undefined) targets.push(['Next', state.Next])
  if (state.Type === 'Choice') {
    if (state.Default !== undefined) targets.push(['Default', state.Default])
    state.Choices.forEach((rule, index) => targets.push([`Choices.${index}.Next`, rule.Next]))
  }
  if ('Catch' in state) state.Catch?.forEach((catcher, index) => targets.push([`Catch.${index}.Next`, catcher.Next]))
  return targets
}
