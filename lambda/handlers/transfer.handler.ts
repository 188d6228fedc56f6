import {
  digestOfTransfer,
  signatureOf,
  transferInputSchema,
  type TransferInput,
  type TransferReply,
} from '../contract/transfer.ts'
import type { Settings } from '../contract/settings.ts'
import { offerIdOf, toTransferDate, type Target } from '../domain/offer.ts'
import { refOfRequest, transferRequestKind, type TransferRequest } from '../domain/transfer-request.ts'
import { governs, hintQueue, identify, now, obstacleTo, settings, transferStore } from '../deps.ts'
import type { Identify } from '../kinds/caller.ts'
import type { TransferStore } from '../ledger/transfer-store.ts'
import type { HintQueue } from '../notify/hint-queue.ts'
import { serve } from './serve.ts'

export interface TransferDeps {
  requests: Pick<TransferStore, 'find' | 'ask'>
  queue: Pick<HintQueue, 'send'>
  settings: Pick<Settings, 'mode'>
  identify: Identify
  governs: (target: Target) => Promise<boolean>
  /** Why AWS would not begin it now; undefined where it would. */
  obstacle: (target: Target, certificateId: string) => Promise<string | undefined>
  now: () => Date
}

/** Records that somebody of ours wants a certificate to be sent. Nothing happens at AWS before policy or people say yes. */
export async function askForTransfer(input: TransferInput, deps: TransferDeps): Promise<TransferReply> {
  const { proof, ...asked } = input
  const target = { kind: transferRequestKind, account: asked.account, region: asked.region }
  const refused = await refusalOf(asked, target, deps)
  if (refused !== undefined) return { result: 'refused', problem: refused }
  const requestedBy = await deps.identify(proof, digestOfTransfer(asked))
  if (requestedBy === undefined)
    return { result: 'refused', problem: 'STS does not say who you are: sign in to AWS again' }
  const before = await deps.requests.find(asked, asked.certificateId)
  if (before?.ended === false) return await standing(asked, before, deps)
  const signature = signatureOf(proof)
  if (before?.signature === signature) return over(before)
  const obstacle = await deps.obstacle(target, asked.certificateId)
  if (obstacle !== undefined)
    return { result: 'refused', problem: `the certificate cannot be transferred: ${obstacle}` }
  const request = { ...asked, requestedBy, requestedAt: toTransferDate(deps.now()), signature }
  const isLater = before === undefined || request.requestedAt > before.requestedAt
  if (!isLater || !(await deps.requests.ask(request, before)))
    return { result: 'refused', problem: 'a request for this certificate was made or ended just now: ask again' }
  return await tell(request, 'asked', deps)
}

type Asked = Omit<TransferInput, 'proof'>

async function refusalOf(asked: Asked, target: Target, deps: TransferDeps): Promise<string | undefined> {
  if (deps.settings.mode === 'observe') return 'Gatehouse only observes at the moment: it would send nothing'
  if (!(await deps.governs(target)))
    return `Gatehouse does not answer for certificates of account ${asked.account} in ${asked.region}`
  return asked.to === asked.account ? 'the account has the certificate already' : undefined
}

/** One request of a certificate at a time: the same again is the same one, and its hint may have been lost. */
async function standing(asked: Asked, before: TransferRequest, deps: TransferDeps): Promise<TransferReply> {
  if (before.to === asked.to && before.message === asked.message) return await tell(before, 'standing', deps)
  const offerId = offerIdOf(refOfRequest(before))
  return { result: 'refused', problem: `another transfer of it is asked for and not over: ${offerId}` }
}

/** A call that came twice, or was kept by somebody: what it asked for was decided. */
function over(before: TransferRequest): TransferReply {
  const offerId = offerIdOf(refOfRequest(before))
  return { result: 'refused', problem: `this very request was made before, and its case is over: ${offerId}` }
}

async function tell(
  request: Pick<TransferRequest, 'account' | 'region' | 'certificateId' | 'requestedAt'>,
  result: 'asked' | 'standing',
  { queue }: TransferDeps,
): Promise<TransferReply> {
  const ref = refOfRequest(request)
  await queue.send([{ kind: ref.kind, account: ref.account, region: ref.region, awsId: ref.awsId }])
  return { result, offerId: offerIdOf(ref) }
}

export const handler = serve({
  input: transferInputSchema,
  run: (input) =>
    askForTransfer(input, {
      requests: transferStore(),
      queue: hintQueue(),
      settings: settings(),
      identify: identify(),
      governs,
      obstacle: obstacleTo,
      now,
    }),
  about: ({ account, region, certificateId, to }, reply) => ({ account, region, certificateId, to, ...reply }),
})
