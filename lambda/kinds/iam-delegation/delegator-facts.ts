import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam'
import type { Settings } from '../../contract/settings.ts'
import type { JsonObject } from '../../domain/json.ts'
import { reachOf } from '../../domain/reach.ts'
import { readConfig } from '../clients.ts'
import type { KindContext } from '../kind.ts'
import { answerOf, callAws } from '../reactions.ts'
import { policyErrors } from './errors.ts'
import { iamDelegationSpec } from './spec.ts'

type Role = NonNullable<Settings['delegationRole']>

/** What a partner can get at most where a role of ours accepts, for people to read: AWS's own check decides. */
export async function delegatorFacts(
  context: KindContext,
  { managedPolicyArns, permissionsBoundary }: Role,
  asked: string | null,
): Promise<JsonObject> {
  const had = { delegatorPolicies: [...managedPolicyArns], delegatorBoundary: permissionsBoundary }
  if (asked === null) return { ...had, delegatorGives: notKnown }
  const iam = new IAMClient(readConfig(context, 'us-east-1'))
  const boundary = permissionsBoundary === null ? undefined : { text: await textOf(iam, permissionsBoundary) }
  const identity = await Promise.all(managedPolicyArns.map((arn) => textOf(iam, arn)))
  const reach = reachOf(asked, { identity, boundary, own: ownActions })
  return { ...had, delegatorGives: reach ?? notKnown }
}

const notKnown = 'Not known: the request cannot be read, or is too long'

/** The role's rights to answer the request: a partner may get those, too, that AWS lets it have. */
const ownActions = (iamDelegationSpec.grants['gatehouse-delegator'] ?? []).flatMap(({ actions }) => actions)

/** Undefined where it cannot be had, whatever the reason: nobody waits for it. */
async function textOf(iam: IAMClient, PolicyArn: string): Promise<string | undefined> {
  try {
    const found = await callAws({ table: policyErrors, operation: 'GetPolicy' }, () =>
      iam.send(new GetPolicyCommand({ PolicyArn })),
    )
    const VersionId = answerOf(found).Policy?.DefaultVersionId
    const read = await callAws({ table: policyErrors, operation: 'GetPolicyVersion' }, () =>
      iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })),
    )
    const text = answerOf(read).PolicyVersion?.Document
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}
