import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod'
import type { ControlClient } from '../../control-client.ts'
import type { OfferReader } from '../../console/offer-reader.ts'
import { answerPage, linkFor, type Answer } from '../../demo/person.ts'
import { clientConfigOf, withClient, type LocalAws } from '../../partner.ts'
import { findSampleOffer, type SampleOfferId } from '../../sample-offers.ts'
import type { LocalRun } from '../../server.ts'
import { signIn } from './sign-in.ts'

interface Parts {
  run: LocalRun
  control: ControlClient
  offers: OfferReader
  /** Nobody votes on a page before they have signed in. */
  signsIn: boolean
}

/** Somebody who makes offers, answers them and breaks things, one after the other. */
export class Walker {
  readonly run: LocalRun
  readonly #control: ControlClient
  readonly #offers: OfferReader
  readonly #signsIn: boolean

  constructor({ run, control, offers, signsIn }: Parts) {
    this.run = run
    this.#control = control
    this.#offers = offers
    this.#signsIn = signsIn
  }

  get aws(): LocalAws {
    return { endpoint: this.run.endpointUrl, region: this.run.assembly.place.region }
  }

  get account(): string {
    return this.run.assembly.place.account
  }

  /** Members of the organization besides the hub and who manages it; none without one. */
  get members(): string[] {
    const { organization } = this.run
    const known = organization?.accounts.map(({ id }) => id) ?? []
    return known.filter((id) => id !== this.account && id !== organization?.managementAccount)
  }

  /** Makes an offer to one of our accounts and waits for what its events cause; AWS's id of it. */
  async make(id: SampleOfferId, to = this.account): Promise<string> {
    const awsId = await findSampleOffer(id)?.make(this.aws, to)
    await this.run.idle()
    return awsId ?? ''
  }

  async sweep(): Promise<void> {
    await this.#control.sweep()
  }

  async advance(by: string): Promise<void> {
    await this.#control.advance(by)
  }

  /** The next calls of an operation fail so. */
  fault(service: string, operation: string, given: { error: string; times?: number; after?: boolean }): void {
    this.run.behaviour.set({ faults: [{ service, operation, ...given }] })
  }

  noFaults(): void {
    this.run.behaviour.set({ faults: [] })
  }

  async offerIdOf(awsId: string): Promise<string> {
    const found = (await this.#offers.list()).find((offer) => offer.awsId === awsId)
    if (found === undefined) throw new Error(`expected an offer with AWS's id \`${awsId}\`, got none`)
    return found.offerId
  }

  async expectOutcome(awsId: string, outcome: string): Promise<void> {
    const closed = (await this.#offers.read(await this.offerIdOf(awsId)))?.state.closed
    if (closed?.outcome !== outcome)
      throw new Error(`expected \`${outcome}\`, got \`${closed?.outcome ?? 'an open case'}\``)
  }

  /** Answers through the page behind the link in the mail. */
  async answer(awsId: string, choice: Answer['choice'], given: { digits?: string } = {}): Promise<void> {
    const offerId = await this.offerIdOf(awsId)
    const counterparty = (await this.#offers.read(offerId))?.state.round?.counterparty
    const link = linkFor(await this.#control.mails(), { offerId, approver: 'alice' })
    const answer = { choice, comment: 'on the walk', digits: (counterparty ?? offerId).slice(-4), ...given }
    await answerPage(link, answer, this.#signsIn ? await signIn(link) : undefined)
    await this.run.idle()
  }

  /** What the command line asks; what it is told. */
  async operate(request: Record<string, string>): Promise<string> {
    return await withClient(new LambdaClient(clientConfigOf(this.aws, this.account)), async (lambda) => {
      const Payload = JSON.stringify(request)
      const reply = await lambda.send(new InvokeCommand({ FunctionName: 'gatehouse-operate', Payload }))
      await this.run.idle()
      return z.object({ said: z.string() }).parse(JSON.parse(Buffer.from(reply.Payload ?? []).toString())).said
    })
  }

  /** Fills in the page behind an intake link. */
  async tellOf(link: string, awsId: string): Promise<void> {
    const body = new URLSearchParams({ account: this.account, awsId, digits: awsId.slice(-4) })
    const cookies: Record<string, string> = this.#signsIn ? { cookie: await signIn(link) } : {}
    await fetch(link, { headers: cookies })
    const response = await fetch(link, { method: 'POST', body, headers: { ...cookies, origin: new URL(link).origin } })
    if (!response.ok) throw new Error(`expected the page to take the id, got ${response.status}`)
    await this.run.idle()
  }

  /** Presses the button in the message that asks, and fills in the form. */
  async rejectInSlack(awsId: string): Promise<void> {
    const { slack } = this.run
    if (slack === undefined) return
    const offerId = await this.offerIdOf(awsId)
    const counterparty = (await this.#offers.read(offerId))?.state.round?.counterparty
    const action = 'gatehouse:reject'
    const asks = slack.workspace.messages().filter(({ blocks }) => {
      const text = JSON.stringify(blocks)
      return text.includes(action) && text.includes(offerId)
    })
    for (const { id: message } of asks) {
      const { view } = await slack.people.press({ message, action, user: 'U0BOB' })
      const values = { comment: 'on the walk', digits: (counterparty ?? offerId).slice(-4) }
      if (view !== null) await slack.people.submit({ view: view.id, values })
    }
    await this.run.idle()
  }

  /** Stops the run of an offer, as somebody may in the AWS console. */
  async stopRun(awsId: string): Promise<void> {
    const offerId = await this.offerIdOf(awsId)
    for (const { arn } of this.run.assembly.stateMachines)
      for (const { executionArn, name } of this.run.engine.list(arn, { status: 'RUNNING' }))
        if (name.startsWith(offerId)) this.run.engine.stop(executionArn)
    await this.run.idle()
  }
}
