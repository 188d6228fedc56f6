import { isJsonObject } from '../json.ts'
import type { Json } from '../json.ts'
import { compileTemplate, constantOf } from '../jsonata/template.ts'
import type { Template } from '../jsonata/template.ts'
import type { Compilation, Place } from './compilation.ts'
import type {
  Assignments,
  Catcher,
  ChoiceState,
  MapState,
  ParallelState,
  Retrier,
  State,
  TaskState,
  WaitState,
} from './model.ts'
import { join } from './problems.ts'
import type {
  CatcherShape,
  ChoiceShape,
  MapShape,
  ParallelShape,
  RetrierShape,
  StateShape,
  TaskShape,
  WaitShape,
} from './schema.ts'

interface Given<Shape extends StateShape = StateShape> {
  readonly name: string
  readonly shape: Shape
  readonly place: Place
}

/** One state on its own; problems are gathered, not thrown. */
export function compileState(compilation: Compilation, given: Given): State {
  const { name, shape, place } = given
  const compiler = new StateCompiler(compilation, place)
  compiler.checkQueryLanguage(shape)
  switch (shape.Type) {
    case 'Task':
      return compiler.task(name, shape)
    case 'Choice':
      return compiler.choice(name, shape)
    case 'Wait':
      return compiler.wait(name, shape)
    case 'Pass':
      return { type: 'Pass', name, next: compiler.next(shape), ...compiler.assignments('', shape) }
    case 'Succeed':
      return { type: 'Succeed', name, next: undefined, ...compiler.assignments('', shape) }
    case 'Fail':
      return {
        type: 'Fail',
        name,
        error: compiler.optional('Error', shape.Error),
        cause: compiler.optional('Cause', shape.Cause),
      }
    case 'Parallel':
      return compiler.parallel(name, shape)
    case 'Map':
      return compiler.map(name, shape)
  }
}

class StateCompiler {
  constructor(
    private readonly compilation: Compilation,
    private readonly place: Place,
  ) {}

  task(name: string, shape: TaskShape): TaskState {
    this.checkArguments(shape.Arguments)
    const timeout = this.number('TimeoutSeconds', shape.TimeoutSeconds)
    const heartbeat = this.number('HeartbeatSeconds', shape.HeartbeatSeconds)
    if (Number(shape.HeartbeatSeconds) >= Number(shape.TimeoutSeconds)) {
      this.problem('HeartbeatSeconds', 'must be smaller than TimeoutSeconds')
    }
    return {
      type: 'Task',
      ...this.recovering(name, shape),
      waitsForToken: shape.Resource.endsWith('.waitForTaskToken'),
      arguments: this.template('Arguments', shape.Arguments),
      timeout,
      heartbeat,
    }
  }

  choice(name: string, shape: ChoiceShape): ChoiceState {
    const rules = shape.Choices.map((rule, index) => {
      const field = `Choices.${index}`
      const condition = this.dynamic(join(field, 'Condition'), rule.Condition)
      return { condition, next: rule.Next, ...this.assignments(field, rule) }
    })
    return { type: 'Choice', name, rules, next: shape.Default, ...this.assignments('', shape) }
  }

  wait(name: string, shape: WaitShape): WaitState {
    if ((shape.Seconds === undefined) === (shape.Timestamp === undefined)) {
      this.problem('', 'expected either Seconds or Timestamp')
    }
    const flowing = { name, next: this.next(shape), ...this.assignments('', shape) }
    if (shape.Timestamp === undefined) {
      const template = this.dynamic('Seconds', shape.Seconds ?? 0)
      return { type: 'Wait', ...flowing, until: { kind: 'seconds', template } }
    }
    const template = this.template('Timestamp', shape.Timestamp)
    const literal = constantOf(template)
    if (typeof literal === 'string' && !isTimestamp(literal))
      this.problem('Timestamp', 'is not an ISO 8601 time with a zone')
    return { type: 'Wait', ...flowing, until: { kind: 'timestamp', template } }
  }

  parallel(name: string, shape: ParallelShape): ParallelState {
    const branches = shape.Branches.map((branch, index) =>
      this.compilation.compileStates(branch, this.inside(name, index, `Branches.${index}`)),
    )
    return {
      type: 'Parallel',
      ...this.recovering(name, shape),
      arguments: this.optional('Arguments', shape.Arguments),
      branches,
    }
  }

  map(name: string, shape: MapShape): MapState {
    return {
      type: 'Map',
      ...this.recovering(name, shape),
      items: shape.Items === undefined ? undefined : this.dynamic('Items', shape.Items),
      itemSelector: this.optional('ItemSelector', shape.ItemSelector),
      maxConcurrency: this.number('MaxConcurrency', shape.MaxConcurrency),
      processor: this.compilation.compileStates(shape.ItemProcessor, this.inside(name, 0, 'ItemProcessor')),
    }
  }

  next(shape: { Next?: string | undefined; End?: boolean | undefined }): string | undefined {
    if ((shape.Next === undefined) === (shape.End !== true)) this.problem('', 'expected either Next or End')
    return shape.Next
  }

  assignments(
    field: string,
    shape: { Output?: Json | undefined; Assign?: Record<string, Json> | undefined },
  ): Assignments {
    const assign = Object.entries(shape.Assign ?? {}).map(
      ([name, source]) => [name, this.template(join(field, 'Assign', name), source)] as const,
    )
    return { output: this.optional(join(field, 'Output'), shape.Output), assign }
  }

  optional(field: string, source: Json | undefined): Template | undefined {
    return source === undefined ? undefined : this.template(field, source)
  }

  checkQueryLanguage(shape: StateShape): void {
    const language = shape.QueryLanguage ?? this.compilation.queryLanguage
    if (language !== 'JSONata') this.problem('QueryLanguage', 'only JSONata is supported')
  }

  private recovering(name: string, shape: TaskShape | MapShape | ParallelShape): RecoveringParts {
    this.checkWildcards(shape)
    return {
      name,
      next: this.next(shape),
      ...this.assignments('', shape),
      retriers: (shape.Retry ?? []).map((retrier) => compileRetrier(retrier)),
      catchers: (shape.Catch ?? []).map((catcher, index) => this.catcher(catcher, index)),
    }
  }

  private catcher(shape: CatcherShape, index: number): Catcher {
    return { errors: shape.ErrorEquals, next: shape.Next, ...this.assignments(`Catch.${index}`, shape) }
  }

  /** States.ALL stands alone, and last. */
  private checkWildcards(shape: TaskShape | MapShape | ParallelShape): void {
    for (const field of ['Retry', 'Catch'] as const) {
      const entries = shape[field] ?? []
      entries.forEach(({ ErrorEquals: names }, index) => {
        if (!names.includes('States.ALL')) return
        if (names.length === 1 && index === entries.length - 1) return
        this.problem(`${field}.${index}.ErrorEquals`, 'States.ALL must be alone, and in the last entry')
      })
    }
  }

  private checkArguments(source: Json): void {
    if (typeof source === 'string') return
    if (!isJsonObject(source)) {
      this.problem('Arguments', 'expected an object or an expression')
      return
    }
    if (source.FunctionName === undefined) this.problem('Arguments.FunctionName', 'is required')
    for (const name of Object.keys(source)) {
      if (name !== 'FunctionName' && name !== 'Payload')
        this.problem(`Arguments.${name}`, 'this field is not supported')
    }
  }

  /** A number, or an expression that gives one. */
  private number(field: string, source: number | string | undefined): Template | undefined {
    return source === undefined ? undefined : this.dynamic(field, source)
  }

  /** A value of another type than string, or an expression. */
  private dynamic(field: string, source: Json): Template {
    const template = this.template(field, source)
    if (typeof constantOf(template) === 'string') this.problem(field, 'expected an expression between {% and %}')
    return template
  }

  private template(field: string, source: Json): Template {
    try {
      return compileTemplate(field, source)
    } catch (error) {
      this.problem(field, error instanceof Error ? error.message : 'bad expression')
      return compileTemplate(field, null)
    }
  }

  private inside(name: string, index: number, field: string): Place {
    return { ...this.place, id: `${this.place.id}/${name}/${index}`, path: join(this.place.path, field) }
  }

  private problem(field: string, message: string): void {
    this.compilation.problems.push({ path: join(this.place.path, field), message })
  }
}

type RecoveringParts = Pick<TaskState, 'name' | 'next' | 'output' | 'assign' | 'retriers' | 'catchers'>

function compileRetrier(shape: RetrierShape): Retrier {
  return {
    errors: shape.ErrorEquals,
    intervalSeconds: shape.IntervalSeconds,
    maxAttempts: shape.MaxAttempts,
    backoffRate: shape.BackoffRate,
    maxDelaySeconds: shape.MaxDelaySeconds,
    isJittered: shape.JitterStrategy === 'FULL',
  }
}

/** The profile of ISO 8601 that Step Functions takes: a capital T, and an offset or a capital Z. */
export function isTimestamp(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
}
