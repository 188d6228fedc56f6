import { Duration } from 'aws-cdk-lib'
import { EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { ConfigurationSet, ConfigurationSetTlsPolicy, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { deliveryEvents } from '../../lambda/contract/delivery-events.ts'

/**
 * How mails are sent. Neither opening nor clicks are tracked: tracking rewrites links, and whoever reads the rewritten
 * one learns the token.
 */
export class MailEvents extends Construct {
  readonly #set: ConfigurationSet

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.#set = new ConfigurationSet(this, 'Set', {
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      // A mail that cannot be delivered within the hour comes back, and the person is asked another way.
      maxDeliveryDuration: Duration.hours(1),
    })
    this.#set.addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [
        EmailSendingEvent.BOUNCE,
        EmailSendingEvent.COMPLAINT,
        EmailSendingEvent.REJECT,
        EmailSendingEvent.DELIVERY_DELAY,
        EmailSendingEvent.RENDERING_FAILURE,
      ],
    })
  }

  get setName(): string {
    return this.#set.configurationSetName
  }

  /** What did not arrive is told to this function; what it cannot take is kept. */
  tell(delivery: IFunction, deadLetterQueue: IQueue): void {
    new Rule(this, 'Undelivered', {
      eventPattern: {
        source: ['aws.ses'],
        detailType: Object.keys(deliveryEvents),
        detail: { mail: { tags: { 'ses:configuration-set': [this.setName] } } },
      },
      targets: [new LambdaFunction(delivery, { deadLetterQueue, maxEventAge: Duration.hours(2), retryAttempts: 30 })],
    })
  }
}
