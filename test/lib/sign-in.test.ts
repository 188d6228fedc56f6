import { env } from '../../lambda/contract/env.ts'
import { functionIds } from '../../lib/constructs/hub-functions.ts'
import { withSample } from '../../local/sample.ts'
import { config as example } from '../../gatehouse.config.ts'
import { actionsOf, synthesizeTemplate, type Statement, type TemplateView } from './template.ts'

// Slack has a secret of its own; here only sign-in's is wanted.
const approvals = { ...withSample(example).approvals, slack: undefined }
const signIn = { issuer: 'https://login.example.com', clientId: 'gatehouse', clientSecret: 'gatehouse/oidc' }
let template: TemplateView
beforeAll(async () => {
  template = await synthesizeTemplate({ approvals: { ...approvals, signIn } })
})

const readsSecrets = (view: TemplateView, id: string): Statement[] =>
  view.rightsOf(id).filter(({ Action }) => [Action].flat().some((action) => action.startsWith('secretsmanager:')))
const ofSession = expect.stringMatching(/^<Sessions[0-9A-F]+>$/)

test('without sign-in nothing of it is in the template', async () => {
  const plain = await synthesizeTemplate({ approvals })
  expect(JSON.stringify(plain.resources)).not.toMatch(/sign-?in|secretsmanager/i)
})

test('sign-in has two routes of its own, to its own function', () => {
  const routes = template.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey)
  expect(routes).toEqual(expect.arrayContaining(['POST /sign-in/{token}', 'GET /sign-in/callback']))
  const { RouteSettings } = template.at('Approvals/Stage').Properties
  expect(Object.keys(RouteSettings).sort()).toEqual(routes.sort())
})

test('a throttled way back from the provider counts as a throttled vote: without it nobody who signs in can vote', () => {
  const patterns = template.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties.FilterPattern)
  expect(patterns).toContain('{ ($.status = "429") && (($.route = "POST *") || ($.route = "GET /sign-in/callback")) }')
})

test('sign-in reads links and secrets, and can write nothing', () => {
  const rights = template.rightsOf('SignIn')
  expect(actionsOf(rights)).toEqual([
    'dynamodb:GetItem',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'secretsmanager:GetSecretValue',
  ])
  const [reading] = rights.filter(({ Action }) => Action.includes('dynamodb:GetItem'))
  expect(reading?.Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['LINK#*'] } })
})

test('the session secret is made by AWS, and read by sign-in and Vote only', () => {
  expect(template.at('Sessions/Sessions').Properties).toMatchObject({
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  })
  expect(readsSecrets(template, 'Vote')).toMatchObject([{ Resource: ofSession }])
  expect(readsSecrets(template, 'SignIn')).toMatchObject([
    {
      Resource: expect.arrayContaining([
        ofSession,
        'arn:aws:secretsmanager:us-east-1:111111111111:secret:gatehouse/oidc-??????',
      ]),
    },
  ])
  expect(functionIds.filter((id) => readsSecrets(template, id).length > 0)).toEqual(['Vote'])
  const told = (id: string): unknown => template.at(id).Properties.Environment.Variables[env.sessionSecret]
  expect(told('Vote')).toEqual(ofSession)
  expect(functionIds.filter((id) => told(id) !== undefined)).toEqual(['Vote'])
})

test('a public client needs no secret but that of sessions', async () => {
  const { issuer, clientId } = signIn
  const other = await synthesizeTemplate({ approvals: { ...approvals, signIn: { issuer, clientId } } })
  expect(readsSecrets(other, 'SignIn')).toMatchObject([{ Resource: ofSession }])
})
