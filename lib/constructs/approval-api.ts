import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { CfnStage, HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'

/** Route and never the path, which holds the token of a personal link, nor the query, which may hold a code. */
const logged = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  length: '$context.responseLength',
  latency: '$context.responseLatency',
  problem: '$context.error.messageString',
}

/** Requests in a second, and how many more at once. */
interface Throttle {
  rate: number
  burst: number
}

/** For routes that have no other: HEAD, which scanners send and which costs no read. */
const otherwise: Throttle = { rate: 10, burst: 20 }

/**
 * Each route has a bucket of its own, so that a mail gateway that opens every link of 2,000 mails at once slows down
 * reading, never voting. A hundred people who vote in the same minute are 2 a second.
 */
const pageThrottles = {
  [HttpMethod.GET]: { rate: 20, burst: 40 },
  [HttpMethod.HEAD]: otherwise,
  [HttpMethod.POST]: { rate: 10, burst: 50 },
} satisfies Partial<Record<HttpMethod, Throttle>>

/** Signing in asks the provider each time. */
const signInThrottle: Throttle = { rate: 5, burst: 20 }

export interface ApiRoute {
  path: string
  method: HttpMethod
  /** Why nobody has to be authorized to call it. */
  open: string
  throttle: Throttle
}

/** The address of the approval page, and of what else the internet reaches. */
export class ApprovalApi extends Construct {
  readonly api: HttpApi
  readonly accessLogs: LogGroup
  readonly #stage: HttpStage
  readonly #throttles: Record<string, Record<string, number>> = {}

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, apiName: 'gatehouse-approvals' })
    this.accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: otherwise.rate, burstLimit: otherwise.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(logged)),
      },
    })
    const { defaultChild } = this.#stage.node
    if (defaultChild instanceof CfnStage) defaultChild.routeSettings = this.#throttles
  }

  /** `https://...` without a path. */
  get url(): string {
    return this.api.apiEndpoint
  }

  /** Every route that the internet reaches, with a bucket of its own. */
  route(integration: HttpLambdaIntegration, { path, method, open, throttle }: ApiRoute): void {
    for (const route of this.api.addRoutes({ path, methods: [method], integration })) {
      acknowledge(route, open, ['AwsSolutions-APIG4'])
      // Settings of a route that is not there yet would fail the deployment.
      this.#stage.node.addDependency(route)
    }
    this.#throttles[`${method} ${path}`] = {
      ThrottlingRateLimit: throttle.rate,
      ThrottlingBurstLimit: throttle.burst,
    }
  }

  serve(page: IFunction): void {
    const integration = new HttpLambdaIntegration('Page', page)
    const open = 'the personal link is the credential: 256 bits, expiring, and acting only by POST'
    for (const method of [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST] as const)
      this.route(integration, { path: '/a/{token}', method, open, throttle: pageThrottles[method] })
    // People type an id there now and then.
    for (const method of [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST] as const)
      this.route(integration, { path: '/i/{token}', method, open, throttle: otherwise })
  }

  serveSignIn(signIn: IFunction): void {
    const integration = new HttpLambdaIntegration('SignIn', signIn)
    const open = 'whoever signs in has not done so yet; it sets cookies and nothing else'
    const throttle = signInThrottle
    this.route(integration, { path: '/sign-in/{token}', method: HttpMethod.POST, open, throttle })
    this.route(integration, { path: '/sign-in/callback', method: HttpMethod.GET, open, throttle })
  }

  /** Where Slack sends what people do with our buttons: a press and a form are two calls. */
  serveSlack(interactions: IFunction): void {
    this.route(new HttpLambdaIntegration('Slack', interactions), {
      path: '/slack/interactions',
      method: HttpMethod.POST,
      open: "Slack's signature over the whole request is the credential, checked by the function",
      throttle: pageThrottles[HttpMethod.POST],
    })
  }
}
