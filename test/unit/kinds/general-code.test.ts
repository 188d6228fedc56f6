import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kindNames } from '../../../lambda/domain/kinds.ts'
import { resourceTypeOf } from '../../../lambda/policy/request.ts'

/** Whose business one kind, or its service, is. */
const ofKinds = [
  /^lambda\/kinds\/[a-z]+-[a-z-]+\//,
  /^lambda\/kinds\/registry\.ts$/,
  // AWS as it is played locally.
  /^local\/aws\/services\//,
]

/** General files that have to name a kind, and why. */
const allowed: Readonly<Record<string, string>> = {
  'lambda/domain/transfer-request.ts': 'the command `transfer` asks for a certificate to be sent, and for nothing else',
}

const sources = ['lambda', 'lib', 'local', 'bin'].flatMap((dir) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(dir, name)),
)
const general = sources.filter((file) => !ofKinds.some((pattern) => pattern.test(file)))

/** Names of kinds hold a hyphen, and those of their types are in strings only: what is no comment is a literal. */
function namesIn(source: string): string[] {
  const code = source.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
  const names = kindNames().flatMap((kind) => {
    const [service = ''] = kind.split('-')
    return [`\\b${kind}\\b`, `(?<=['"\`:.])${resourceTypeOf(kind)}\\b`, `(?<=['"\`])${service}-(?=['"\`])`]
  })
  return [...code.matchAll(new RegExp(names.join('|'), 'g'))].map(([name]) => name)
}

const naming = general.filter((file) => namesIn(readFileSync(file, 'utf8')).length > 0)

test('general code names no kind: it asks what the specs say', () => {
  expect(general.length).toBeGreaterThan(300)
  expect(naming.filter((file) => !Object.hasOwn(allowed, file))).toEqual([])
})

test('every exception is one', () => {
  expect(Object.keys(allowed).filter((file) => !naming.includes(file))).toEqual([])
})

test.each([
  ["if (ref.kind === 'iot-outgoing') return", ['iot-outgoing']],
  ["await import('./kinds/iam-delegation/delegator.ts')", ['iam-delegation']],
  ['offerId.startsWith(`iot-send-`)', ['iot-send']],
  ["isOf(node, 'RamInvitation')", ['RamInvitation']],
  ["/** `iot-send`: asked for. */\n  // and 'iot-send'", []],
  ["kind.startsWith('iot-')", ['iot-']],
  ["import { openRamInvitation } from './open.ts'", []],
])('found in %s: %j', (code, names) => {
  expect(namesIn(code)).toEqual(names)
})
