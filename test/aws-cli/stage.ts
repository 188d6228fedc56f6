import { config as example } from '../../gatehouse.config.ts'
import { defineConfig } from '../../lib/config.ts'
import { detailsOf, type OfferDetailsJson } from '../../local/console/offer-json.ts'
import { OfferReader } from '../../local/console/offer-reader.ts'
import { answerInSlack, answerPage, linkFor } from '../../local/demo/person.ts'
import { sampleAccounts } from '../../local/sample.ts'
import { start, type Started } from '../../local/start.ts'
import { AwsCli } from './aws.ts'

/** Two have to accept, nobody's ask waits for a digest, a role accepts delegations, and sweeps come when they are wanted. */
const config = defineConfig({
  ...example,
  sweepEvery: '6 hours',
  groups: { security: { approvers: ['one', 'two'].map((id) => ({ id, email: `${id}@example.com` })), quorum: 2 } },
  approvals: { defaultGroup: 'security', personalAsks: 1000 },
  iam: { role: { accounts: [sampleAccounts.own], hold: '30 minutes' } },
})

/** The app on this machine, the AWS CLI beside it, and the two who are asked. */
export class Stage {
  readonly aws: AwsCli
  readonly #started: Started
  readonly #offers: OfferReader

  private constructor(started: Started, tableName: string) {
    this.#started = started
    const aws = { endpoint: started.run.endpointUrl, region: started.run.assembly.place.region }
    this.aws = new AwsCli(aws)
    this.#offers = new OfferReader({ ...aws, account: sampleAccounts.own, tableName })
  }

  static async start(): Promise<Stage> {
    const started = await start({ config, port: 0, consolePort: 0 })
    return new Stage(started, (await started.control.health()).tableName)
  }

  /** A sweep, and the minute that AWS takes to check the role before people are asked. */
  async find(): Promise<void> {
    await this.sweep()
    await this.advance('1m')
  }

  /** Waits for everything that came of it. */
  async sweep(): Promise<void> {
    await this.#started.control.sweep()
  }

  async advance(by: string): Promise<void> {
    await this.#started.control.advance(by)
  }

  /** So many calls are answered with an error, and do nothing. */
  refuse(calls: readonly { service: string; operation: string }[]): void {
    const faults = calls.map((call) => ({ ...call, error: 'ServiceUnavailable' }))
    this.#started.run.behaviour.set({ faults })
  }

  async vote(awsId: string, who: 'alice' | 'bob', choice: 'accept' | 'reject'): Promise<void> {
    const offer = await this.offerOf(awsId)
    if (offer === undefined) throw new Error(`expected a case for \`${awsId}\`, got none`)
    const { control } = this.#started
    const answer = { choice, comment: 'As agreed', digits: (offer.counterparty ?? offer.id).slice(-4) }
    if (who === 'bob') await answerInSlack(control, { offerId: offer.id, user: 'U0BOB' }, answer)
    else await answerPage(linkFor(await control.mails(), { offerId: offer.id, approver: who }), answer)
  }

  /** How the first case of it stands: an offer that is made anew is another. */
  async offerOf(awsId: string): Promise<OfferDetailsJson | undefined> {
    const ids = (await this.#offers.list()).filter((offer) => offer.awsId === awsId).map(({ offerId }) => offerId)
    const records = await Promise.all(ids.map((id) => this.#offers.read(id)))
    const known = records.flatMap((record) => (record === undefined ? [] : [detailsOf(record)]))
    return known.sort((a, b) => ((a.events[0]?.at ?? '') < (b.events[0]?.at ?? '') ? -1 : 1))[0]
  }

  async close(): Promise<void> {
    this.aws.close()
    this.#offers.close()
    await this.#started.stop()
  }
}
