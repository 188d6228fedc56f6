import * as z from 'zod'
import { AssemblyError, createResolver } from './intrinsics.ts'
import type { Resolver } from './intrinsics.ts'
import * as properties from './resources.ts'
import { readResourcePolicies, readRoles } from './rights.ts'
import type {
  Assembly,
  ConfigurationSetSpec,
  EventSourceSpec,
  FunctionSpec,
  Named,
  QueueSpec,
  RouteSpec,
  RuleSpec,
  ScheduleSpec,
  StackSetSpec,
  StateMachineSpec,
} from './specs.ts'
import { parseJson } from '../engine/json.ts'
import { templateSchema, type Resource, type Template } from './template.ts'
import { isKnownType, localValues } from './values.ts'
import type { LocalPlace } from './values.ts'

/** One stack's resources, type by type. */
export class StackReader {
  private readonly resolver: Resolver
  private readonly options: {
    dir: string
    place: LocalPlace
    template: Template
    stackName: string
    assets: Map<string, string>
    /** Before every logical id; empty for the stacks of the app itself. */
    idPrefix?: string
  }

  constructor(options: StackReader['options']) {
    this.options = options
    const { place, template, stackName } = options
    this.resolver = createResolver({
      template,
      pseudo: {
        'AWS::AccountId': place.account,
        'AWS::Region': place.region,
        'AWS::Partition': 'aws',
        'AWS::URLSuffix': 'amazonaws.com',
        'AWS::StackName': stackName,
        'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stackName}/local`,
      },
      valuesOf: (logicalId, resource) => this.values(logicalId, resource),
    })
  }

  read(): Assembly {
    for (const [id, { Type }] of Object.entries(this.options.template.Resources))
      if (!isKnownType(Type)) throw new AssemblyError(`${id}: the local run does not know ${Type}`)
    const functions = this.all('AWS::Lambda::Function', properties.functionProperties).map((one) => this.function(one))
    const queues = this.all('AWS::SQS::Queue', properties.queueProperties).map((found) => this.queue(found))
    const reader = {
      all: <Value>(type: string, schema: z.ZodType<Value>) => this.all(type, schema),
      named: (id: string) => this.named(id),
      busArn: (reference: string) => this.busArn(reference),
      place: { account: this.options.place.account, region: this.options.place.region },
    }
    return {
      place: this.options.place,
      functions,
      queues,
      eventSources: this.eventSources(),
      rules: this.rules(),
      schedules: this.schedules(),
      stateMachines: this.stateMachines(),
      tables: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'].flatMap((type) =>
        this.all(type, properties.tableProperties).map(({ id, value }) => ({ ...this.named(id), keys: value })),
      ),
      routes: this.routes(),
      secrets: this.all('AWS::SecretsManager::Secret', properties.secretProperties).map(({ id }) => this.named(id)),
      configurationSets: this.configurationSets(),
      buses: this.all('AWS::Events::EventBus', properties.busProperties).map(({ id }) => this.named(id)),
      stackSets: this.stackSets(),
      roles: readRoles(reader),
      resourcePolicies: readResourcePolicies(reader, { queues, functions }),
    }
  }

  private values(logicalId: string, resource: Resource): ReturnType<typeof localValues> {
    const nameOf = (property: string): unknown => this.resolver.resolve(logicalId, resource.Properties[property])
    return localValues({ place: this.options.place, logicalId, type: resource.Type, nameOf })
  }

  /** Every resource of a type whose condition holds, its properties resolved and checked. */
  private all<Value>(type: string, schema: z.ZodType<Value>): { id: string; value: Value }[] {
    return Object.entries(this.options.template.Resources)
      .filter(([, resource]) => resource.Type === type && this.resolver.holds(resource.Condition))
      .map(([id, { Properties }]) => {
        const wanted = schema instanceof z.ZodObject ? pick(Properties, Object.keys(schema.shape)) : Properties
        const parsed = schema.safeParse(this.resolver.resolve(id, wanted))
        if (!parsed.success) throw new AssemblyError(`${id} (${type}): ${z.prettifyError(parsed.error)}`)
        return { id: `${this.options.idPrefix ?? ''}${id}`, value: parsed.data }
      })
  }

  private named(id: string): Named & { ref: string } {
    const logicalId = id.slice(this.options.idPrefix?.length ?? 0)
    const resource = this.options.template.Resources[logicalId]
    const values = resource && this.values(logicalId, resource)
    if (values === undefined) throw new AssemblyError(`${id}: has no name here`)
    return { id, name: values.name, arn: values.attributes.Arn ?? values.ref, ref: values.ref }
  }

  private function({ id, value }: { id: string; value: z.infer<typeof properties.functionProperties> }): FunctionSpec {
    const dir = this.options.assets.get(value.Code.S3Key)
    if (dir === undefined) throw new AssemblyError(`${id}: no asset with the key ${value.Code.S3Key}`)
    return {
      ...this.named(id),
      dir,
      handler: value.Handler,
      env: value.Environment.Variables,
      timeoutMs: value.Timeout * 1000,
      memoryMb: value.MemorySize,
      roleArn: value.Role,
    }
  }

  private queue({ id, value }: { id: string; value: z.infer<typeof properties.queueProperties> }): QueueSpec {
    if (value.FifoQueue) throw new AssemblyError(`${id}: FIFO queues are not supported here`)
    const { ref: url, ...named } = this.named(id)
    const redrive = value.RedrivePolicy
    return {
      ...named,
      url,
      visibilityMs: value.VisibilityTimeout * 1000,
      delayMs: value.DelaySeconds * 1000,
      retentionMs: value.MessageRetentionPeriod * 1000,
      redrive: redrive && { queueArn: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount },
    }
  }

  private eventSources(): EventSourceSpec[] {
    return this.all('AWS::Lambda::EventSourceMapping', properties.eventSourceProperties)
      .filter(({ value }) => value.Enabled)
      .map(({ id, value }) => ({
        id,
        queueArn: value.EventSourceArn,
        functionName: value.FunctionName,
        batchSize: value.BatchSize,
        reportBatchItemFailures: value.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        maximumConcurrency: value.ScalingConfig.MaximumConcurrency,
      }))
  }

  private rules(): RuleSpec[] {
    return this.all('AWS::Events::Rule', properties.ruleProperties)
      .filter(({ value }) => value.State !== 'DISABLED')
      .map(({ id, value }) => ({
        id,
        arn: this.named(id).arn,
        busArn: this.busArn(value.EventBusName),
        pattern: value.EventPattern,
        targets: value.Targets.map(({ Arn, RoleArn, Input, InputPath, InputTransformer, DeadLetterConfig }) => ({
          arn: Arn,
          roleArn: RoleArn,
          deadLetterArn: DeadLetterConfig?.Arn,
          input: Input,
          inputPath: InputPath,
          transformer: InputTransformer && {
            paths: InputTransformer.InputPathsMap,
            template: InputTransformer.InputTemplate,
          },
        })),
      }))
  }

  private busArn(reference: string): string {
    const { account, region } = this.options.place
    return reference.startsWith('arn:') ? reference : `arn:aws:events:${region}:${account}:event-bus/${reference}`
  }

  private stackSets(): StackSetSpec[] {
    return this.all('AWS::CloudFormation::StackSet', properties.stackSetProperties).map(({ id, value }) => ({
      id,
      template: templateOf(id, value),
      targets: value.StackInstancesGroup.map(({ DeploymentTargets: chosen, Regions: regions }) => ({
        units: chosen.OrganizationalUnitIds,
        filter: chosen.AccountFilterType,
        accounts: chosen.Accounts,
        regions,
      })),
      autoDeployment: {
        enabled: value.AutoDeployment.Enabled,
        retains: value.AutoDeployment.RetainStacksOnAccountRemoval,
      },
    }))
  }

  private schedules(): ScheduleSpec[] {
    return this.all('AWS::Scheduler::Schedule', properties.scheduleProperties)
      .filter(({ value }) => value.State !== 'DISABLED')
      .map(({ id, value }) => ({
        id,
        arn: this.named(id).arn,
        everyMs: rateMs(id, value.ScheduleExpression),
        targetArn: value.Target.Arn,
        roleArn: value.Target.RoleArn,
        input: value.Target.Input ?? '{}',
      }))
  }

  private stateMachines(): StateMachineSpec[] {
    return this.all('AWS::StepFunctions::StateMachine', properties.stateMachineProperties).map(({ id, value }) => ({
      ...this.named(id),
      roleArn: value.RoleArn,
      definition: value.DefinitionString.replace(
        /\$\{([^}]+)\}/g,
        (all, name: string) => value.DefinitionSubstitutions[name] ?? all,
      ),
    }))
  }

  private configurationSets(): ConfigurationSetSpec[] {
    const destinations = this.all('AWS::SES::ConfigurationSetEventDestination', properties.eventDestinationProperties)
      .map(({ value }) => value)
      .filter(
        ({ EventDestination }) => EventDestination.Enabled && EventDestination.EventBridgeDestination !== undefined,
      )
    return this.all('AWS::SES::ConfigurationSet', z.object({})).map(({ id }) => {
      const { name } = this.named(id)
      const own = destinations.filter(({ ConfigurationSetName }) => ConfigurationSetName === name)
      return { name, events: own.flatMap(({ EventDestination }) => EventDestination.MatchingEventTypes) }
    })
  }

  private routes(): RouteSpec[] {
    const integrations = new Map(
      this.all('AWS::ApiGatewayV2::Integration', properties.integrationProperties).map(({ id, value }) => [id, value]),
    )
    return this.all('AWS::ApiGatewayV2::Route', properties.routeProperties).map(({ id, value }) => {
      const integration = integrations.get(value.Target.replace('integrations/', ''))
      const functionArn = integration && functionArnIn(integration.IntegrationUri)
      if (functionArn === undefined) throw new AssemblyError(`${id}: its integration is not one with a Lambda function`)
      const [method, path] = value.RouteKey.split(' ')
      const { account, region } = this.options.place
      const inStage = path === undefined ? value.RouteKey : `${method ?? 'ANY'}${path}`
      const sourceArn = `arn:aws:execute-api:${region}:${account}:${value.ApiId}/$default/${inStage}`
      return path === undefined
        ? { id, method: 'ANY', path: value.RouteKey, functionArn, sourceArn }
        : { id, method: method ?? 'ANY', path, functionArn, sourceArn }
    })
  }
}

/** What each account gets, with the StackSet's own values for its parameters. */
function templateOf(id: string, { TemplateBody, Parameters }: z.infer<typeof properties.stackSetProperties>): Template {
  const parsed = templateSchema.safeParse(parseJson(TemplateBody))
  if (!parsed.success) throw new AssemblyError(`${id}: its TemplateBody: ${z.prettifyError(parsed.error)}`)
  const template = parsed.data
  for (const { ParameterKey, ParameterValue } of Parameters) {
    const parameter = template.Parameters[ParameterKey]
    if (parameter !== undefined) parameter.Default = ParameterValue
  }
  return template
}

/** An integration names the function itself, or API Gateway's path to its invocation. */
function functionArnIn(uri: string): string | undefined {
  return /arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+/.exec(uri)?.[0]
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

function rateMs(id: string, expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const ms = Number(count) * (unitMs[unit ?? ''] ?? NaN)
  if (!(ms > 0)) throw new AssemblyError(`${id}: only rate(...) schedules are supported here, got ${expression}`)
  return ms
}

function pick(value: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, value[key]]))
}
