import * as z from 'zod'

/** CloudFormation writes numbers and booleans as text in places. */
const number = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')])
const enabledState = z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'])

export const functionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string().regex(/^[\w/-]+\.\w+$/, 'expected `file.export`'),
  Role: z.string(),
  Timeout: number.default(3),
  MemorySize: number.default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
})

export const queueProperties = z.object({
  VisibilityTimeout: number.default(30),
  DelaySeconds: number.default(0),
  MessageRetentionPeriod: number.default(345_600),
  FifoQueue: flag.default(false),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: number }).optional(),
})

export const eventSourceProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: number.default(10),
  Enabled: flag.default(true),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: number.optional() }).default({}),
  FilterCriteria: z.undefined('is not supported here').optional(),
})

export const ruleProperties = z.object({
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.undefined('scheduled rules are not supported here: use a Scheduler schedule').optional(),
  EventBusName: z.string().default('default'),
  State: enabledState.default('ENABLED'),
  Targets: z
    .array(
      z.object({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string().optional(),
        InputPath: z.string().optional(),
        InputTransformer: z
          .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
          .optional(),
        DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
        RoleArn: z.string().optional(),
      }),
    )
    .default([]),
})

export const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: enabledState.default('ENABLED'),
  Target: z.object({ Arn: z.string(), RoleArn: z.string(), Input: z.string().optional() }),
})

export const stateMachineProperties = z.object({
  DefinitionString: z.string('expected an inline definition'),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  StateMachineType: z.literal('STANDARD').optional(),
  RoleArn: z.string(),
})

export const secretProperties = z.object({
  SecretString: z.undefined('a secret in a template is no secret: use GenerateSecretString').optional(),
  GenerateSecretString: z.object({}),
})

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const resourcePolicy = z.undefined('policies of tables are not supported here').optional()
export const tableProperties = z.object({
  ResourcePolicy: resourcePolicy,
  Replicas: z.array(z.object({ ResourcePolicy: resourcePolicy })).optional(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .default([]),
})

export const routeProperties = z.object({ ApiId: z.string(), RouteKey: z.string(), Target: z.string() })
export const integrationProperties = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
})

/** CloudFormation takes `deliveryDelay` and `DELIVERY_DELAY` alike. */
const eventType = z.string().transform((name) => name.replaceAll('_', '').toLowerCase())
export const eventDestinationProperties = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.object({
    Enabled: flag.default(false),
    MatchingEventTypes: z.array(eventType),
    EventBridgeDestination: z.object({ EventBusArn: z.string().regex(/:event-bus\/default$/) }).optional(),
  }),
})

/** A policy in the bus itself would be passed over: it stands in a resource of its own. */
export const busProperties = z.object({ Policy: z.undefined('is not supported here').optional() })

const unsupported = z.undefined('is not supported here').optional()

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html */
export const stackSetProperties = z.object({
  TemplateBody: z.string('expected the template itself'),
  TemplateURL: unsupported,
  PermissionModel: z.literal('SERVICE_MANAGED', 'only service-managed StackSets are supported here'),
  AutoDeployment: z
    .object({ Enabled: flag.default(false), RetainStacksOnAccountRemoval: flag.default(false) })
    .prefault({}),
  Parameters: z.array(z.object({ ParameterKey: z.string(), ParameterValue: z.string() })).default([]),
  StackInstancesGroup: z
    .array(
      z.object({
        DeploymentTargets: z.object({
          OrganizationalUnitIds: z.array(z.string()).default([]),
          AccountFilterType: z.enum(['NONE', 'INTERSECTION', 'DIFFERENCE', 'UNION']).default('NONE'),
          Accounts: z.array(z.string()).default([]),
          AccountsUrl: unsupported,
        }),
        Regions: z.array(z.string()),
        ParameterOverrides: unsupported,
      }),
    )
    .default([]),
})
