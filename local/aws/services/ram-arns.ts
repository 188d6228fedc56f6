import { AwsError } from '../service.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * What an invitation may wait 7 days for; every other type has 12 hours.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
const sevenDayTypes = new Set([
  'ec2:CapacityReservation',
  'ec2:CoipPool',
  'ec2:DedicatedHost',
  'ec2:LocalGatewayRouteTable',
  'ec2:PrefixList',
  'ec2:Subnet',
  'ec2:TrafficMirrorTarget',
  'ec2:TransitGateway',
  'ec2:TransitGatewayMulticastDomain',
  'license-manager:LicenseConfiguration',
  'outposts:Outpost',
  'outposts:Site',
  'rds:Cluster',
  'route53resolver:ResolverRule',
])

/** An empty share, and one of mixed types, has the short time: AWS does not say, and this is the safe side. */
export function invitationLifeMs(resourceArns: readonly string[]): number {
  const long = resourceArns.length > 0 && resourceArns.every((arn) => sevenDayTypes.has(resourceTypeOf(arn)))
  return long ? 7 * dayMs : dayMs / 2
}

/** RAM's name for a resource's type, from its ARN: `ec2:TransitGateway` for `arn:aws:ec2:…:transit-gateway/tgw-1`. */
export function resourceTypeOf(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':')
  const type = rest.join(':').split(/[:/]/)[0] ?? ''
  return `${service}:${type.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`
}

/** Resources without a region in their ARN are shared globally. */
export function regionScopeOf(arn: string): 'GLOBAL' | 'REGIONAL' {
  return arn.split(':')[3] === '' ? 'GLOBAL' : 'REGIONAL'
}

const resource = /^arn:aws[\w-]*:[\w-]+:[\w-]*:(?:\d{12})?:\S+$/
const share = /^arn:aws[\w-]*:ram:[\w-]+:\d{12}:resource-share\/[\w-]{1,64}$/
const invitation = /^arn:aws[\w-]*:ram:[\w-]+:\d{12}:resource-share-invitation\/[\w-]{1,64}$/
const principal =
  /^(?:\d{12}|arn:aws[\w-]*:(?:iam::\d{12}:(?:role|user)|organizations::\d{12}:(?:organization|ou))\/\S+)$/

const patterns = { resource, share, invitation, principal }

/** Throws `MalformedArnException` for what is not an ARN of that form (a principal may be an account id as well). */
export function checkArns(form: keyof typeof patterns, arns: readonly string[]): void {
  const wrong = arns.find((arn) => !patterns[form].test(arn))
  if (wrong !== undefined)
    throw new AwsError('MalformedArnException', `The specified ${form} ARN ${wrong} is not valid.`)
}

/** The account that gets the invitation: none for an organization or OU. */
export function accountOfPrincipal(given: string): string | undefined {
  if (/^\d{12}$/.test(given)) return given
  return /:iam::(\d{12}):/.exec(given)?.[1]
}
