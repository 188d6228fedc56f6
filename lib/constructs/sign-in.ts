import { Stack } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { env } from '../../lambda/contract/env.ts'
import type { SignInSettings } from '../../lambda/contract/settings.ts'
import { acknowledge } from '../acknowledge.ts'
import type { HubFunction } from './hub-function.ts'

export interface SignInProps {
  settings: SignInSettings
  /** Gives out sessions. */
  signIn: HubFunction
  /** Checks them. */
  vote: HubFunction
}

/** The secret that sessions are signed with, and who may read it. */
export class SignIn extends Construct {
  constructor(scope: Construct, id: string, { settings, signIn, vote }: SignInProps) {
    super(scope, id)
    const sessions = new Secret(this, 'Sessions', {
      description: 'Signs the sessions of approvers who have signed in to Gatehouse',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    })
    acknowledge(sessions, 'it signs sessions of 15 minutes; docs/sign-in.md says how to replace it', [
      'AwsSolutions-SMG4',
    ])
    for (const reader of [signIn, vote]) {
      reader.addEnvironment(env.sessionSecret, sessions.secretArn)
      reader.allow(['secretsmanager:GetSecretValue'], [sessions.secretArn])
    }
    if (settings.clientSecret !== undefined)
      signIn.allow(['secretsmanager:GetSecretValue'], [secretArn(Stack.of(this), settings.clientSecret)])
  }
}

/** Behind the name Secrets Manager puts a dash and six characters of its own. */
function secretArn(stack: Stack, name: string): string {
  return `arn:${stack.partition}:secretsmanager:${stack.region}:${stack.account}:secret:${name}-??????`
}
