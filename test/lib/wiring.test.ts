import { readFile } from 'node:fs/promises'
import { env, ledgerTable } from '../../lambda/contract/env.ts'
import { deliveryEvents } from '../../lambda/contract/delivery-events.ts'
import * as logLines from '../../lambda/contract/log-lines.ts'
import { functionIds } from '../../lib/constructs/hub-functions.ts'
import { actionsOf, synthesizeTemplate, type TemplateView } from './template.ts'

let template: TemplateView
beforeAll(async () => {
  template = await synthesizeTemplate()
})

const variablesOf = (id: string): Record<string, string> => template.at(id).Properties.Environment.Variables

describe('detection', () => {
  test('every rule leads to the scan queue, with the dead letters behind', () => {
    const rules = template
      .ofType('AWS::Events::Rule')
      .filter(({ Properties }) => !Properties.EventPattern.source.includes('aws.ses'))
    expect(rules).toHaveLength(7)
    for (const { Properties } of rules) {
      expect(Properties.Targets).toMatchObject([
        {
          Arn: expect.stringMatching(/^<QueueHints[0-9A-F]+\.Arn>$/),
          DeadLetterConfig: { Arn: expect.stringMatching(/^<QueueDeadLetters[0-9A-F]+\.Arn>$/) },
        },
      ])
    }
  })

  test('calls made by our own roles are left out, and calls without a role are not', () => {
    const fromTrail = template
      .ofType('AWS::Events::Rule')
      .filter(({ Properties }) => Properties.EventPattern['detail-type'].includes('AWS API Call via CloudTrail'))
    expect(fromTrail).toHaveLength(4)
    for (const { Properties } of fromTrail) {
      const [notOurs, absent] = Properties.EventPattern.detail.userIdentity.sessionContext.sessionIssuer.userName
      expect(notOurs['anything-but']).toContain('gatehouse-rejector')
      expect(absent).toEqual({ exists: false })
    }
  })

  test('a run that fails is a hint, too', () => {
    expect(template.at('Detection/FailedRuns').Properties.EventPattern).toMatchObject({
      source: ['aws.states'],
      detail: { stateMachineArn: ['arn:aws:states:us-east-1:111111111111:stateMachine:gatehouse-offer'] },
    })
  })

  test('the queue is read by Scan in bounded parallel, and message by message', () => {
    expect(template.ofType('AWS::Lambda::EventSourceMapping')).toMatchObject([
      {
        Properties: {
          BatchSize: 10,
          EventSourceArn: expect.stringMatching(/^<QueueHints/),
          FunctionName: expect.stringMatching(/^<Scan/),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 5 },
        },
      },
    ])
  })

  test('Sweep runs on the configured schedule', async () => {
    const other = await synthesizeTemplate({ sweepEvery: '1 hour' })
    expect(template.at('Detection/SweepSchedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(15 minutes)',
      Target: { Arn: expect.stringMatching(/^<Sweep[0-9A-F]+\.Arn>$/) },
    })
    expect(other.at('Detection/SweepSchedule').Properties.ScheduleExpression).toBe('rate(1 hour)')
  })

  test('outside us-east-1 there is no rule for delegation requests, whose events never come there', async () => {
    const other = await synthesizeTemplate({ region: 'eu-west-1' })
    expect(JSON.stringify(other.ofType('AWS::Events::Rule'))).not.toContain('aws.iam')
  })
})

describe('functions', () => {
  test.each(functionIds)('%s runs on arm64 and the current Node.js, and knows account and table', (id) => {
    expect(template.at(id).Properties).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x' })
    expect(variablesOf(id)).toMatchObject({
      [env.account]: '111111111111',
      [env.tableName]: expect.stringMatching(/^<Ledger/),
    })
  })

  test.each<[string, string[]]>([
    ['Scan', [env.queueUrl, env.spokeRole, env.stateMachineArn, env.configurationSet]],
    ['Sweep', [env.dueSoonSeconds, env.queueUrl]],
    ['Inspect', [env.spokeRole]],
    ['Judge', []],
    ['Ask', [env.approvalUrl, env.configurationSet]],
    ['Tally', []],
    ['AcceptByPolicy', [env.spokeRole]],
    ['AcceptForPeople', [env.spokeRole]],
    ['Reject', [env.spokeRole]],
    ['Close', [env.approvalUrl, env.configurationSet, env.spokeRole]],
    ['RecordFailure', [env.configurationSet]],
    ['Vote', [env.queueUrl]],
    ['Delivery', []],
    ['Digest', [env.approvalUrl, env.configurationSet]],
    ['Web', [env.approvalUrl, env.voteFunction]],
  ])('%s is told %j besides, and no more', (id, names) => {
    expect(Object.keys(variablesOf(id)).sort()).toEqual([env.account, env.tableName, ...names].sort())
  })

  test.each(['AcceptByPolicy', 'AcceptForPeople', 'Reject'])('%s is dead after 30 s', (id) => {
    expect(template.at(id).Properties.Timeout).toBe(30)
  })
})

describe('the approval page', () => {
  test('has three routes to Web, and one to what Slack reaches', () => {
    const routes = template.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey)
    expect(routes.sort()).toEqual([
      ...['GET /a/{token}', 'GET /i/{token}', 'HEAD /a/{token}', 'HEAD /i/{token}'],
      ...['POST /a/{token}', 'POST /i/{token}', 'POST /slack/interactions'],
    ])
    expect(template.ofType('AWS::ApiGatewayV2::Integration')).toMatchObject([
      { Properties: { IntegrationUri: expect.stringMatching(/^<Web/) } },
      { Properties: { IntegrationUri: expect.stringMatching(/^<Slack/) } },
    ])
  })

  test('logs the route and never the path, which holds the token', () => {
    const { Format } = template.at('Approvals/Stage').Properties.AccessLogSettings
    const logged = (Format as string).match(/\$context\.[\w.]+/g)
    expect(logged?.sort()).toEqual(
      [
        'error.messageString',
        'requestId',
        'requestTime',
        'responseLatency',
        'responseLength',
        'routeKey',
        'status',
      ].map((name) => `$context.${name}`),
    )
  })

  test('has a bucket for each route, so that reading cannot throttle voting', () => {
    const { RouteSettings, DefaultRouteSettings } = template.at('Approvals/Stage').Properties
    const routes = template.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey)
    expect(Object.keys(RouteSettings).sort()).toEqual(routes.sort())
    expect(RouteSettings['POST /a/{token}']).toEqual({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 50 })
    expect(RouteSettings['GET /a/{token}']).toMatchObject({ ThrottlingRateLimit: 20 })
    expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 10 })
  })
})

test('the ledger has the keys and indexes of the contract, is backed up and outlives the stack', () => {
  const table = template.ofType('AWS::DynamoDB::GlobalTable')[0]!.Properties
  expect(table).toMatchObject({
    KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
    TimeToLiveSpecification: { AttributeName: ledgerTable.ttl, Enabled: true },
    GlobalSecondaryIndexes: [{ IndexName: 'open' }, { IndexName: 'status' }],
    Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
  })
  expect(template.ofType('AWS::DynamoDB::GlobalTable')[0]).toMatchObject({ DeletionPolicy: 'Retain' })
})

test('mail leaves from the configured address only', () => {
  const sending = template.rightsOf('Ask').filter(({ Action }) => Action === 'ses:SendEmail')
  expect(sending).toMatchObject([
    {
      Resource: [
        expect.stringMatching(/^arn:aws:ses:us-east-1:111111111111:configuration-set\/<MailsSet[0-9A-F]+>$/),
        'arn:aws:ses:us-east-1:111111111111:identity/example.com',
        'arn:aws:ses:us-east-1:111111111111:identity/gatehouse@example.com',
      ],
      Condition: { StringEquals: { 'ses:FromAddress': 'gatehouse@example.com' } },
    },
  ])
})

describe('the configuration set', () => {
  test('tracks nothing, and every function that mails sends with it', () => {
    const { DeliveryOptions, TrackingOptions, VdmOptions } = template.at('Mails/Set').Properties
    expect({ DeliveryOptions, TrackingOptions, VdmOptions }).toEqual({
      DeliveryOptions: { TlsPolicy: 'REQUIRE', MaxDeliverySeconds: 3600 },
    })
    const mailing = functionIds.filter((id) => actionsOf(template.rightsOf(id)).includes('ses:SendEmail'))
    expect(mailing).toContain('Ask')
    for (const id of mailing) expect(variablesOf(id)[env.configurationSet]).toMatch(/^<MailsSet[0-9A-F]+>$/)
  })

  test('tells the default bus what did not arrive, and never who opened or clicked', () => {
    const [destination] = template.ofType('AWS::SES::ConfigurationSetEventDestination')
    const { MatchingEventTypes, EventBridgeDestination, Enabled } = destination!.Properties.EventDestination
    expect(Enabled).toBe(true)
    expect(MatchingEventTypes).toEqual(['bounce', 'complaint', 'reject', 'deliveryDelay', 'renderingFailure'])
    expect(EventBridgeDestination.EventBusArn).toMatch(/:event-bus\/default$/)
  })

  test('its events lead to Delivery, those of other sets do not', () => {
    const [rule] = template
      .ofType('AWS::Events::Rule')
      .filter(({ Properties }) => Properties.EventPattern.source.includes('aws.ses'))
    expect(rule!.Properties).toMatchObject({
      EventPattern: {
        'detail-type': Object.keys(deliveryEvents),
        detail: { mail: { tags: { 'ses:configuration-set': [expect.stringMatching(/^<MailsSet/)] } } },
      },
      Targets: [
        {
          Arn: expect.stringMatching(/^<Delivery[0-9A-F]+\.Arn>$/),
          DeadLetterConfig: { Arn: expect.stringMatching(/^<QueueDeadLetters/) },
        },
      ],
    })
  })
})

describe('throttled votes near a deadline', () => {
  test('are throttled posts, while the last sweeps counted asks due soon', () => {
    const { Metrics, Threshold } = template.at('Alarms/VotesThrottled').Properties
    const of = (id: string): unknown => Metrics.find(({ Id }: { Id: string }) => Id === id)
    expect(Metrics).toHaveLength(3)
    expect(Metrics[0]).toMatchObject({ Expression: 'IF(FILL(throttled, 0) > 0 AND FILL(due, 1) > 0, 1, 0)' })
    expect(of('throttled')).toMatchObject({
      MetricStat: { Metric: { MetricName: 'ThrottledPosts' }, Period: 1800, Stat: 'Sum' },
    })
    expect(of('due')).toMatchObject({
      MetricStat: { Metric: { MetricName: 'AsksDueSoon' }, Period: 1800, Stat: 'Maximum' },
    })
    expect(Threshold).toBe(0)
  })

  test('are read from the access log and from what Sweep logs', () => {
    const filters = template.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)
    const of = (name: string): unknown =>
      filters.find(({ MetricTransformations }) => MetricTransformations[0].MetricName === name)
    expect(of('ThrottledPosts')).toMatchObject({
      FilterPattern: '{ ($.status = "429") && ($.route = "POST *") }',
      LogGroupName: expect.stringMatching(/^<ApprovalsAccessLogs/),
    })
    expect(of('AsksDueSoon')).toMatchObject({
      LogGroupName: expect.stringMatching(/^<SweepLogs/),
      MetricTransformations: [{ MetricValue: '$.dueSoon' }],
    })
  })

  test.each([
    ['15 minutes', 8100, 1800],
    ['6 hours', 28_800, 43_200],
  ])('are watched until the next sweep, here %s', async (sweepEvery, seconds, period) => {
    const other = await synthesizeTemplate({ sweepEvery })
    const { Variables } = other.at('Sweep').Properties.Environment
    expect(Variables[env.dueSoonSeconds]).toBe(String(seconds))
    expect(JSON.stringify(other.at('Alarms/VotesThrottled').Properties)).toContain(`"Period":${period}`)
  })
})

describe('scans that are old', () => {
  test.each([
    ['15 minutes', 7200, 1800],
    ['1 hour', 14_400, 7200],
  ])('are seen after four sweeps or two hours, here a sweep each %s', async (sweepEvery, most, period) => {
    const other = await synthesizeTemplate({ sweepEvery })
    expect(other.at('Alarms/ScansOld').Properties).toMatchObject({
      MetricName: 'OldestScan',
      Threshold: most,
      Period: period,
      TreatMissingData: 'breaching',
    })
  })

  test('are read from what Sweep logs', () => {
    const filters = template.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)
    expect(filters).toContainEqual(
      expect.objectContaining({
        FilterPattern: '{ $.oldestScanSeconds = "*" }',
        LogGroupName: expect.stringMatching(/^<SweepLogs/),
        MetricTransformations: [expect.objectContaining({ MetricName: 'OldestScan' })],
      }),
    )
  })
})

test('an error of who records votes is an alarm, as no run fails with it', () => {
  const filters = template.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)
  const watched = filters
    .filter(({ MetricTransformations }) => MetricTransformations[0].MetricName === 'ErrorLines')
    .map(({ LogGroupName }) => String(LogGroupName))
  for (const id of ['Vote', 'Web']) expect(watched).toContainEqual(expect.stringMatching(`^<${id}Logs`))
})

test.each([
  ['NobodyReachable', 'Ask', logLines.nobodyReachable],
  ['FloodOfOffers', 'Ask', logLines.floodOfOffers],
  ['CancelLost', 'Close', logLines.cancelLost],
  ['CensusFailed', 'Sweep', logLines.censusFailed],
])('%s is an alarm of the line that %s logs', (name, logs, line) => {
  expect(template.at(`Alarms/${name}`).Properties).toMatchObject({ MetricName: name, Namespace: 'Gatehouse' })
  const filters = template.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)
  expect(filters).toContainEqual(
    expect.objectContaining({
      FilterPattern: `{ $.message = "${line}" }`,
      LogGroupName: expect.stringMatching(`^<${logs}Logs`),
      MetricTransformations: [expect.objectContaining({ MetricName: name, MetricNamespace: 'Gatehouse' })],
    }),
  )
})

test('every alarm is a heading of the runbook', async () => {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmDescription)
  const headings = (await readFile('docs/runbook.md', 'utf8')).match(/^## \w+$/gm)
  expect(alarms.sort()).toEqual(headings?.map((line) => `docs/runbook.md#${line.slice(3).toLowerCase()}`).sort())
})
