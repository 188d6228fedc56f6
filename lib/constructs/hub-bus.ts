import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { hubBusName } from '../spoke/names.ts'

/** Where the rules of members send what hints at offers. Nobody outside the organization may put anything there. */
export class HubBus extends Construct {
  readonly bus: IEventBus

  constructor(scope: Construct, id: string, { organizationId }: { organizationId: string }) {
    super(scope, id)
    const bus = new EventBus(this, 'Bus', { eventBusName: hubBusName })
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'members',
        principals: [new AnyPrincipal()],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      }),
    )
    this.bus = bus
  }
}
