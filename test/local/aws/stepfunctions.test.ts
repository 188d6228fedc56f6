import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { createStepFunctions } from '../../../local/aws/services/stepfunctions.ts'
import { startEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { createWorkflow, invokeWithToken, machine, startOfTest, stateMachineArn } from '../../support/engine.ts'
import type { Workflow } from '../../support/engine.ts'

const definition = machine({
  Ask: {
    Type: 'Task',
    Resource: invokeWithToken,
    Arguments: { FunctionName: 'Ask', Payload: '{% $states.context.Task.Token %}' },
    TimeoutSeconds: 600,
    Assign: { vote: '{% $states.result %}' },
    End: true,
  },
})
const executionOf = (name: string): string => `arn:aws:states:us-east-1:111111111111:execution:Offers:${name}`

let workflow: Workflow
let endpoint: TestEndpoint
let client: SFNClient
beforeEach(async () => {
  workflow = createWorkflow({ definition })
  endpoint = await startEndpoint([createStepFunctions(workflow.engine)])
  client = new SFNClient(endpoint.as('111111111111'))
})
afterEach(async () => {
  client.destroy()
  await endpoint.close()
})

async function start(name: string, input = '{"offer":1}'): Promise<string> {
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name, input }))
  await workflow.engine.idle()
  return executionArn!
}

const lastToken = (): string => workflow.calls.at(-1)!.payload

describe('an execution over the wire', () => {
  it('starts, waits, is answered and described', async () => {
    const executionArn = await start('a')
    expect(executionArn).toBe(executionOf('a'))
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'RUNNING',
      startDate: new Date(startOfTest),
      input: '{"offer":1}',
    })

    await client.send(new SendTaskHeartbeatCommand({ taskToken: lastToken() }))
    await client.send(new SendTaskSuccessCommand({ taskToken: lastToken(), output: '"yes"' }))
    await workflow.engine.idle()

    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: new Date(startOfTest),
      output: '"yes"',
      name: 'a',
      stateMachineArn,
    })
    const hidden = await client.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }))
    expect([hidden.status, hidden.input, hidden.output]).toEqual(['SUCCEEDED', undefined, undefined])
  })

  it('fails with what SendTaskFailure says', async () => {
    const executionArn = await start('a')

    await client.send(new SendTaskFailureCommand({ taskToken: lastToken(), error: 'No', cause: 'because' }))
    await workflow.engine.idle()

    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'FAILED',
      error: 'No',
      cause: 'because',
    })
  })

  it('is stopped', async () => {
    const executionArn = await start('a')

    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn, error: 'Enough' }))

    expect(stopDate).toEqual(new Date(startOfTest))
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
    })
  })
})

describe('ListExecutions', () => {
  it('pages, newest first, also when new ones start meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await start(name)
    const names: (string | undefined)[] = []
    for await (const page of paginateListExecutions({ client, pageSize: 2 }, { stateMachineArn })) {
      names.push(...page.executions!.map(({ name }) => name))
      if (names.length === 2) await start('f')
    }

    expect(names).toEqual(['e', 'd', 'c', 'b', 'a'])
  })

  it('filters by status', async () => {
    await start('a')
    await client.send(new StopExecutionCommand({ executionArn: await start('b') }))
    const named = async (statusFilter: 'RUNNING' | 'ABORTED' | 'PENDING_REDRIVE'): Promise<unknown> => {
      const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }))
      return executions!.map(({ name }) => name)
    }

    expect(await named('RUNNING')).toEqual(['a'])
    expect(await named('ABORTED')).toEqual(['b'])
    expect(await named('PENDING_REDRIVE')).toEqual([])
  })
})

describe('GetExecutionHistory', () => {
  it('pages through typed events', async () => {
    const executionArn = await start('a')
    await client.send(new SendTaskSuccessCommand({ taskToken: lastToken(), output: '"yes"' }))
    await workflow.engine.idle()
    const events = []
    for await (const page of paginateGetExecutionHistory({ client, pageSize: 3 }, { executionArn })) {
      events.push(...page.events!)
    }

    expect(events.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '1 ExecutionStarted',
      '2 TaskStateEntered',
      '3 TaskScheduled',
      '4 TaskStarted',
      '5 TaskSubmitted',
      '6 TaskSucceeded',
      '7 TaskStateExited',
      '8 ExecutionSucceeded',
    ])
    expect(events[0]).toMatchObject({
      timestamp: new Date(startOfTest),
      executionStartedEventDetails: { input: '{"offer":1}', roleArn: 'arn:aws:iam::111111111111:role/Offers' },
    })
    expect(events[2]!.taskScheduledEventDetails).toMatchObject({ timeoutInSeconds: 600, region: 'us-east-1' })
    expect(JSON.parse(events[2]!.taskScheduledEventDetails!.parameters!)).toMatchObject({ FunctionName: 'Ask' })
    expect(events[6]!.stateExitedEventDetails).toMatchObject({
      name: 'Ask',
      output: '"yes"',
      assignedVariables: { vote: '"yes"' },
    })
    expect(events[7]!.executionSucceededEventDetails).toMatchObject({ output: '"yes"' })
  })

  it('goes backwards, and without data when asked', async () => {
    const executionArn = await start('a')
    const given = { executionArn, reverseOrder: true, maxResults: 2, includeExecutionData: false }
    const first = await client.send(new GetExecutionHistoryCommand(given))
    const second = await client.send(new GetExecutionHistoryCommand({ ...given, nextToken: first.nextToken }))

    expect([...first.events!, ...second.events!].map(({ id }) => id)).toEqual([5, 4, 3, 2])
    expect(second.events![0]!.taskScheduledEventDetails).toMatchObject({ resourceType: 'lambda' })
    expect(second.events![0]!.taskScheduledEventDetails!.parameters).toBeUndefined()
  })
})

describe('errors are the model’s', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['ExecutionAlreadyExists', async () => [await start('a'), await start('a', '{}')]],
    ['InvalidExecutionInput', () => start('a', '{')],
    ['InvalidName', () => start('a b')],
    ['InvalidArn', () => client.send(new StartExecutionCommand({ stateMachineArn: 'Offers' }))],
    ['InvalidArn', () => client.send(new DescribeExecutionCommand({ executionArn: stateMachineArn }))],
    [
      'StateMachineDoesNotExist',
      () => client.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}2` })),
    ],
    [
      'StateMachineDoesNotExist',
      () => client.send(new ListExecutionsCommand({ stateMachineArn: `${stateMachineArn}2` })),
    ],
    ['ExecutionDoesNotExist', () => client.send(new DescribeExecutionCommand({ executionArn: executionOf('x') }))],
    ['ExecutionDoesNotExist', () => client.send(new GetExecutionHistoryCommand({ executionArn: executionOf('x') }))],
    ['ExecutionDoesNotExist', () => client.send(new StopExecutionCommand({ executionArn: executionOf('x') }))],
    ['InvalidToken', () => client.send(new SendTaskSuccessCommand({ taskToken: 'x', output: '1' }))],
    ['InvalidToken', () => client.send(new ListExecutionsCommand({ stateMachineArn, nextToken: 'x' }))],
    ['ValidationException', () => client.send(new ListExecutionsCommand({}))],
    [
      'InvalidOutput',
      async () => {
        await start('a')
        return client.send(new SendTaskSuccessCommand({ taskToken: lastToken(), output: 'no json' }))
      },
    ],
    [
      'TaskTimedOut',
      async () => {
        await start('a')
        await workflow.advance(600_000)
        return client.send(new SendTaskSuccessCommand({ taskToken: lastToken(), output: '1' }))
      },
    ],
    [
      'TaskDoesNotExist',
      async () => {
        await start('a')
        workflow.engine.reset()
        return client.send(new SendTaskHeartbeatCommand({ taskToken: lastToken() }))
      },
    ],
  ])('%s', async (name, work) => {
    await expect(work()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
  })

  it('shows other accounts nothing', async () => {
    const executionArn = await start('a')
    const stranger = new SFNClient(endpoint.as('444455556666'))

    await expect(stranger.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    })
    await expect(stranger.send(new StartExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    })
    await expect(
      stranger.send(new SendTaskSuccessCommand({ taskToken: lastToken(), output: '1' })),
    ).rejects.toMatchObject({ name: 'InvalidToken' })
    stranger.destroy()
  })
})
