import { answerPage, linkFor } from '../../local/demo/person.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { findSampleOffer, type SampleOfferId } from '../../local/sample-offers.ts'
import type { Started } from '../../local/start.ts'
import type { Measured } from './bench.ts'
import { withLocal } from './local.ts'

/** State transitions of one offer: states that its execution entered. */
export async function run(): Promise<Measured> {
  return await withLocal(async (started) => {
    const automatic = await enteredStates(started, 'partner-shares-subnets')
    const cancelled = await enteredStates(started, 'we-transfer-certificate-to-stranger')
    const voted = await enteredStates(started, 'stranger-shares-subnet', async (offerId) => {
      const link = linkFor(await started.control.mails(), { offerId, approver: 'alice' })
      await answerPage(link, { choice: 'accept', comment: '', digits: sampleAccounts.stranger.slice(-4) })
    })
    return { name: 'transitions', figures: { automatic, automaticReject: cancelled, voted } }
  })
}

async function enteredStates(
  { run, control }: Started,
  id: SampleOfferId,
  vote?: (offerId: string) => Promise<void>,
): Promise<number> {
  const before = new Set(executionsOf(run))
  await findSampleOffer(id)?.make({ endpoint: run.endpointUrl, region: run.assembly.place.region })
  await control.sweep()
  const executionArn = executionsOf(run).find((arn) => !before.has(arn))
  if (executionArn === undefined) throw new Error(`expected an execution for \`${id}\`, got none`)
  await vote?.(executionArn.split(':').at(-1)?.replace(/-1$/, '') ?? '')
  await run.idle()
  const { status } = run.engine.describe(executionArn)
  if (status !== 'SUCCEEDED') throw new Error(`expected the execution of \`${id}\` to succeed, it is ${status}`)
  return run.engine.history(executionArn).filter(({ type }) => type.endsWith('StateEntered')).length
}

function executionsOf({ engine, assembly }: Started['run']): string[] {
  return assembly.stateMachines.flatMap(({ arn }) => engine.list(arn).map((each) => each.executionArn))
}
