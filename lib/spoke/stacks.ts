import { BootstraplessSynthesizer, Stack, type Environment } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Forwarding, type ForwardingProps } from '../constructs/forwarding.ts'
import { SpokeRoles, type SpokeRolesProps } from '../constructs/spoke-roles.ts'

/** Left out, the stack fits every account and region. */
interface Place {
  env?: Environment
}

/** The roles of a spoke, once in each account. Needs no bootstrapping, and can hold no asset. */
export class SpokeRolesStack extends Stack {
  constructor(scope: Construct, id: string, { env, ...roles }: SpokeRolesProps & Place) {
    super(scope, id, propsOf('Gatehouse: roles that answer offers made to this account', env))
    new SpokeRoles(this, 'Spoke', roles)
  }
}

/** The rules of a spoke, in each region. */
export class SpokeRulesStack extends Stack {
  constructor(scope: Construct, id: string, { env, ...rules }: ForwardingProps & Place) {
    super(scope, id, propsOf('Gatehouse: tells the hub of offers made to this account', env))
    new Forwarding(this, 'Forward', rules)
  }
}

function propsOf(description: string, env: Environment | undefined): ConstructorParameters<typeof Stack>[2] {
  return { description, synthesizer: new BootstraplessSynthesizer(), ...(env === undefined ? {} : { env }) }
}
