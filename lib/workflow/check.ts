import validate from 'asl-validator'
import * as z from 'zod'

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
})
const joinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })

/** A state machine that AWS would refuse. */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition'
}

/** Definitions found valid, as JSON: one process may synthesize many templates with the same workflow. */
const valid = new Set<string>()

/** Validates every state machine of a template as CloudFormation would resolve it. Throws InvalidDefinition. */
export function checkDefinitions(template: unknown): void {
  for (const [id, definition] of Object.entries(definitionsIn(template))) {
    const text = JSON.stringify(definition)
    if (valid.has(text)) continue
    const { isValid, errorsText } = validate(definition)
    if (!isValid) throw new InvalidDefinition(`the definition of \`${id}\` is not valid:\n${errorsText('\n')}`)
    valid.add(text)
  }
}

/** The parsed definitions by logical id; an ARN that only exists after deployment is a likely one. */
export function definitionsIn(template: unknown): Record<string, unknown> {
  const machines = Object.entries(templateSchema.parse(template).Resources).filter(
    ([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine',
  )
  return Object.fromEntries(machines.map(([id, { Properties }]) => [id, parse(resolve(Properties.DefinitionString))]))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidDefinition('a definition is no JSON', { cause: error })
  }
}

function resolve(value: unknown): string {
  if (typeof value === 'string') return value
  const join = joinSchema.safeParse(value)
  if (!join.success) return likelyArn(value)
  const [separator, parts] = join.data['Fn::Join']
  return parts.map(resolve).join(separator)
}

function likelyArn(value: unknown): string {
  const reference = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).safeParse(value)
  if (!reference.success) return 'aws'
  return `arn:aws:lambda:us-east-1:111111111111:function:${reference.data['Fn::GetAtt'][0]}`
}
