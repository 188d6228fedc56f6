import type { States } from './model.ts'
import type { Problem } from './problems.ts'
import type { StatesShape } from './schema.ts'

/** What one compilation gathers while it walks the definition. */
export interface Compilation {
  readonly problems: Problem[]
  readonly byId: Map<string, States>
  readonly queryLanguage: 'JSONata' | 'JSONPath'
  /** For the states inside Map and Parallel. */
  readonly compileStates: (shape: StatesShape, place: Place) => States
}

/** Where a state lies, and which variables the scopes around it assign. */
export interface Place {
  /** Of the set of states: '' for the root, then `<outer id>/<state>/<branch>`. */
  readonly id: string
  /** In the definition, for messages. */
  readonly path: string
  readonly outerVariables: ReadonlySet<string>
}
