import type { ResourceValues } from './intrinsics.ts'
import { AssemblyError } from './intrinsics.ts'

/** Where the app runs when it runs here. */
export interface LocalPlace {
  account: string
  region: string
  /** `http://127.0.0.1:<port>`, where the AWS endpoint answers. */
  endpointUrl: string
  /** `http://127.0.0.1:<console port>`, where the app's HTTP API answers. */
  approvalUrl: string
}

interface Named {
  place: LocalPlace
  name: string
  nameOf: (property: string) => unknown
}
type ValuesOf = (named: Named) => ResourceValues

const arn =
  (service: string, prefix = ''): ((named: Named) => string) =>
  ({ place, name }) =>
    `arn:aws:${service}:${place.region}:${place.account}:${prefix}${name}`

/** The property that names a resource of each type, and what it then answers to Ref and Fn::GetAtt. */
const types: Readonly<Record<string, { nameProperty: string; values: ValuesOf }>> = {
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', values: byName(arn('lambda', 'function:')) },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    values: (named) => {
      const url = `${named.place.endpointUrl}/${named.place.account}/${named.name}`
      return { ref: url, attributes: { Arn: arn('sqs')(named), QueueName: named.name, QueueUrl: url } }
    },
  },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', values: byName(arn('dynamodb', 'table/')) },
  'AWS::DynamoDB::GlobalTable': { nameProperty: 'TableName', values: byName(arn('dynamodb', 'table/')) },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    values: byName(({ place, name }) => `arn:aws:iam::${place.account}:role/${name}`),
  },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    values: ({ place, name }) => ({ ref: `arn:aws:iam::${place.account}:policy/${name}`, attributes: {} }),
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    values: (named) => {
      const own = arn('states', 'stateMachine:')(named)
      return { ref: own, attributes: { Arn: own, Name: named.name } }
    },
  },
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    values: (named) => ({ ref: named.name, attributes: { Name: named.name, Arn: arn('events', 'event-bus/')(named) } }),
  },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    values: byName((named) => {
      const bus = named.nameOf('EventBusName')
      // A rule of another bus carries its name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
      const name = typeof bus === 'string' && bus !== 'default' ? bus.slice(bus.lastIndexOf('/') + 1) : undefined
      return arn('events', name === undefined ? 'rule/' : `rule/${name}/`)(named)
    }),
  },
  'AWS::Scheduler::Schedule': { nameProperty: 'Name', values: byName(arn('scheduler', 'schedule/default/')) },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    values: (named) => {
      const own = arn('secretsmanager', 'secret:')(named)
      return { ref: own, attributes: { Id: own } }
    },
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    values: byName((named) => `${arn('logs', 'log-group:')(named)}:*`),
  },
  'AWS::SES::ConfigurationSet': { nameProperty: 'Name', values: ({ name }) => ({ ref: name, attributes: {} }) },
  'AWS::ApiGatewayV2::Api': {
    nameProperty: '',
    values: ({ place, name }) => ({ ref: name, attributes: { ApiId: name, ApiEndpoint: place.approvalUrl } }),
  },
  'AWS::ApiGatewayV2::Integration': { nameProperty: '', values: ({ name }) => ({ ref: name, attributes: {} }) },
  'AWS::ApiGatewayV2::Route': { nameProperty: '', values: ({ name }) => ({ ref: name, attributes: {} }) },
}

function byName(arnOf: (named: Named) => string): ValuesOf {
  return (named) => ({ ref: named.name, attributes: { Arn: arnOf(named) } })
}

/** Types that do nothing on one machine: nothing is read from them and nothing else is known of them. */
const withoutEffect = new Set([
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Api',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudFormation::StackSet',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SQS::QueuePolicy',
])

export function isKnownType(type: string): boolean {
  return type in types || withoutEffect.has(type)
}

/** Names a resource as its template does, else by its logical id. */
export function localValues(options: {
  place: LocalPlace
  logicalId: string
  type: string
  nameOf: (property: string) => unknown
}): (ResourceValues & { name: string }) | undefined {
  const { place, logicalId, nameOf } = options
  const type = types[options.type]
  if (type === undefined) return undefined
  const name = (type.nameProperty === '' ? undefined : nameOf(type.nameProperty)) ?? logicalId
  if (typeof name !== 'string') throw new AssemblyError(`${logicalId}: expected a name, got ${typeof name}`)
  return { ...type.values({ place, name, nameOf }), name }
}
