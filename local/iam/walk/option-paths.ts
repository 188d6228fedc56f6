import { requestDelegation } from '../../partner.ts'
import { sampleAccounts } from '../../sample.ts'
import type { Take } from './paths.ts'
import type { Walker } from './walker.ts'

/** Who signs in, and answers. */
export const optionApprover = 'alice@example.com'

/** Somebody asks to act here for a while, and people say yes: a role of ours accepts, and holds it. */
async function hold(walker: Walker, from: string = sampleAccounts.partner): Promise<string> {
  const awsId = await requestDelegation(walker.aws, {
    from,
    ownerAccount: walker.account,
    description: 'Sets up nightly backups of two buckets',
    message: 'Needed for the onboarding on Monday',
    templateArn: 'arn:aws:iam::aws:delegation-template/ReadOnlyBackup',
    parameters: { BucketArns: ['arn:aws:s3:::orders'] },
    sessionSeconds: 3600,
  })
  await walker.run.idle()
  // IAM takes its time to check what the role may.
  await walker.advance('2m')
  await walker.answer(awsId, 'accept')
  await walker.advance('2m')
  return awsId
}

/** Where approvers sign in, and a role of ours accepts delegations. */
export const optionPaths: Readonly<Record<string, Take>> = {
  'somebody signs in, and rejects a share': async (walker) => {
    await walker.answer(await walker.make('stranger-shares-subnet'), 'reject')
  },
  'somebody signs in, and tells of a delegation request': async (walker) => {
    await walker.tellOf(await walker.operate({ do: 'intake-link', approver: 'alice' }), 'a-request-of-nobody')
  },
  'a role accepts a delegation, holds it, and gives it out': async (walker) => {
    // From an OU below another, where there is one.
    const awsId = await hold(walker, walker.members[1])
    await walker.advance('40m')
    await walker.expectOutcome(awsId, 'ACCEPTED')
  },
  'an operator takes an accepted delegation back': async (walker) => {
    const awsId = await hold(walker)
    await walker.operate({ do: 'revoke', offerId: await walker.offerIdOf(awsId), comment: 'on the walk' })
    await walker.expectOutcome(awsId, 'REJECTED')
  },
  'people take an accepted delegation back': async (walker) => {
    const awsId = await hold(walker)
    await walker.answer(awsId, 'reject')
    await walker.expectOutcome(awsId, 'REJECTED')
  },
}
