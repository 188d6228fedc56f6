import { detailsOf, type OfferDetailsJson } from '../console/offer-json.ts'
import type { OfferReader } from '../console/offer-reader.ts'
import type { ControlClient } from '../control-client.ts'
import { acceptInAwsConsole, type LocalAws } from '../partner.ts'
import { findSampleOffer } from '../sample-offers.ts'
import { sampleSlack } from '../sample.ts'
import { answerInSlack, answerPage, linkFor } from './person.ts'
import type { Scene } from './script.ts'

export interface Stage {
  aws: LocalAws
  account: string
  control: ControlClient
  offers: OfferReader
  /** Told what happens, a line each. */
  say: (line: string) => void
}

/** A scene and the offer that Gatehouse found for it. */
export interface Played {
  scene: Scene
  offerId: string
  awsId: string
}

/** Past every deadline of 12 hours less the margin. */
const longEnough = '12h'

/** Plays every scene to its end; how each offer stands then. */
export async function play(
  stage: Stage,
  scenes: readonly Scene[],
): Promise<{ scene: Scene; ended: OfferDetailsJson }[]> {
  const { control, say } = stage
  const played = await makeOffers(stage, scenes)
  for (const one of played) await vote(stage, one)
  await control.advance('0s')
  for (const one of played) await acceptAsPerson(stage, one)
  await control.sweep()
  say(`The clock moves on by ${longEnough}: what nobody answered reaches its deadline.`)
  await control.advance(longEnough)
  return await Promise.all(
    played.map(async ({ scene, offerId }) => ({ scene, ended: await read(stage.offers, offerId) })),
  )
}

/** All of them at once, as life has it; then one sweep, which also finds those that AWS tells nobody of. */
async function makeOffers({ aws, control, offers, say }: Stage, scenes: readonly Scene[]): Promise<Played[]> {
  const made: { scene: Scene; awsId: string }[] = []
  for (const scene of scenes) {
    say(`Offer: ${scene.story}.`)
    made.push({ scene, awsId: (await findSampleOffer(scene.offer)?.make(aws)) ?? '' })
  }
  const { targets } = await control.sweep()
  const found = await offers.list()
  say(`A sweep over ${targets} places: ${found.length} offers found.`)
  return made.map(({ scene, awsId }) => {
    const offer = found.find((each) => each.awsId === awsId)
    if (offer === undefined) throw new Error(`expected an offer \`${scene.offer}\` to be found, got none`)
    return { scene, awsId, offerId: offer.offerId }
  })
}

/** Through the page behind the link in the mail, or in Slack, as a person would. */
async function vote({ control, offers, say }: Stage, { scene, offerId }: Played): Promise<void> {
  if (scene.vote === undefined) return
  const { by, choice, comment } = scene.vote
  const { counterparty } = await read(offers, offerId)
  const answer = { choice, comment, digits: (counterparty ?? offerId).slice(-4) }
  const user = sampleSlack.users.find(({ name }) => name === by)?.id
  if (user !== undefined) {
    say(`${by} presses “${choice}” in Slack and fills in the form: ${scene.story}.`)
    await answerInSlack(control, { offerId, user }, answer)
    return
  }
  const link = linkFor(await control.mails(), { offerId, approver: by })
  say(`${by} opens the link in the mail and answers “${choice}”: ${scene.story}.`)
  await answerPage(link, answer)
}

async function acceptAsPerson({ aws, account, say }: Stage, { scene, awsId }: Played): Promise<void> {
  if (scene.inAwsConsole === undefined) return
  say(`${scene.vote?.by ?? 'somebody'} accepts in the AWS console, under their own identity: ${scene.story}.`)
  await acceptInAwsConsole(aws, { account, requestId: awsId })
}

async function read(offers: OfferReader, offerId: string): Promise<OfferDetailsJson> {
  const record = await offers.read(offerId)
  if (record === undefined) throw new Error(`expected offer \`${offerId}\` on the ledger, got none`)
  return detailsOf(record)
}
