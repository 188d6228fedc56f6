import type { PolicyReason, Route } from '../domain/event.ts'
import type { JsonObject } from '../domain/json.ts'
import { readCaseFiles } from './case-file.ts'
import type { CaseFile, PolicyCase } from './case-file.ts'
import { createPolicyEngine } from './cedar-engine.ts'
import type { PolicySettings } from './document.ts'
import type { PolicyApproval, PolicyEngine, PolicyRequest } from './engine.ts'
import { loadPolicySet } from './load.ts'
import { routeText } from './routes.ts'
import { validatePolicySet } from './validate.ts'
import type { PolicySource } from './validate.ts'

/** What one case came to. */
export interface CaseResult {
  /** `<expected>/<who-does-what>`. */
  name: string
  passed: boolean
  /** `accept`, `reject`, `review`; of a case about another question: `approve-...` or `activate-...`. */
  verdict: string
  /** Ids of the deciding policies. */
  policies: string[]
  /** Whom a review asks; none: the default group. */
  routing: Route[]
  notes: string[]
  errors: string[]
  /** What differs from what is expected, a line each. */
  problems: string[]
}

export interface CaseReport {
  /** All cases passed. Uncovered policies do not count. */
  passed: boolean
  results: CaseResult[]
  /** Ids of policies that decide no case. */
  uncovered: string[]
}

export interface CaseRun extends PolicySettings {
  policyDir: string
  casesDir: string
}

/** Judges every case with the policies of the folder. Throws `PolicySetInvalid`, and `InvalidInput` for a bad case. */
export function runPolicyCases({ policyDir, casesDir, ...settings }: CaseRun): CaseReport {
  const source = loadPolicySet(policyDir)
  const ids = Object.keys(validatePolicySet(source, settings).policies)
  const engineFor = createEngines(source, settings)
  const results = readCaseFiles(casesDir).map((one) => runCase(one, { engineFor, settings }))
  const covered = new Set(results.flatMap(({ policies }) => policies))
  return {
    passed: results.every(({ passed }) => passed),
    results,
    uncovered: ids.filter((id) => !covered.has(id)).sort(),
  }
}

type EngineFor = (file: CaseFile) => PolicyEngine

/** Validating takes most of the time, and most cases have nothing of their own. */
function createEngines(source: PolicySource, settings: PolicySettings): EngineFor {
  const kept = new Map<string, PolicyEngine>()
  return (file) => {
    const own = settingsOf(file.case, settings)
    const key = JSON.stringify([own, file.case.policies])
    const engine = kept.get(key) ?? createPolicyEngine(validatePolicySet(sourceOf(file, source), own), own)
    kept.set(key, engine)
    return engine
  }
}

function runCase(
  file: CaseFile,
  { engineFor, settings }: { engineFor: EngineFor; settings: PolicySettings },
): CaseResult {
  const said = sayingOf(file, engineFor(file), requestOf(file.case, settingsOf(file.case, settings)))
  const problems = problemsOf(file, said)
  return { name: file.name, passed: problems.length === 0, ...said, problems }
}

type Saying = Pick<CaseResult, 'verdict' | 'policies' | 'routing' | 'notes' | 'errors'>

function sayingOf({ folder, case: one }: CaseFile, engine: PolicyEngine, request: PolicyRequest): Saying {
  switch (folder) {
    case 'accept':
    case 'reject':
    case 'review': {
      const { verdict, policies, routing, notes, errors } = engine.judge(request)
      return { verdict, policies: idsOf(policies), routing: verdict === 'review' ? routing : [], notes, errors }
    }
    case 'approve-refused':
      return answerTo('approve', engine.approve(request))
    case 'activate-allowed':
    case 'activate-refused':
      return answerTo('activate', engine.activate(request, one.setAsActive))
  }
}

function answerTo(question: string, { allowed, policies, errors }: PolicyApproval): Saying {
  const verdict = `${question}-${allowed ? 'allowed' : 'refused'}`
  return { verdict, policies: idsOf(policies), routing: [], notes: [], errors }
}

function idsOf(policies: readonly PolicyReason[]): string[] {
  return policies.map(({ id }) => id)
}

function settingsOf(
  { partners, partnersUntil, organizationId, groups, defaultGroup }: PolicyCase,
  settings: PolicySettings,
): PolicySettings {
  const own = Object.entries(groups).map(([name, approvers]) => [name, { approvers }] as const)
  return {
    partners: { ...settings.partners, ...partners },
    partnersUntil: { ...settings.partnersUntil, ...partnersUntil },
    organizationId: organizationId ?? settings.organizationId ?? null,
    groups: { ...settings.groups, ...Object.fromEntries(own) },
    defaultGroup: defaultGroup ?? settings.defaultGroup,
  }
}

function sourceOf(file: CaseFile, { schema, files }: PolicySource): PolicySource {
  const extra = file.case.policies.map((text, at) => ({ file: `${file.file}#policies[${at}]`, text }))
  return { schema, files: [...files, ...extra] }
}

function requestOf(one: PolicyCase, settings: PolicySettings): PolicyRequest {
  const { kind, ref, counterparty, unknown } = one
  const organization = one.organization ?? (settings.organizationId ? 'outside' : 'not-configured')
  const path: JsonObject = organization === 'inside' ? { organizationPath: one.organizationPath ?? ['r-case'] } : {}
  const decisive = { ...one.facts, counterparty, organization, ...path }
  return {
    now: new Date(one.at),
    ref: { kind, ...ref },
    facts: { decisive, context: {}, unknown, counterparty, offeredAt: null, expiresAt: null },
  }
}

function problemsOf({ folder, case: { expect } }: CaseFile, said: Saying): string[] {
  return [
    ...difference('verdict', folder, said.verdict),
    ...difference('policies', listed(expect.policies), listed(said.policies)),
    ...difference('asks', listed(expect.routing.map(routeText)), listed(said.routing.map(routeText))),
    ...difference('notes', listed(expect.notes), listed(said.notes)),
    ...difference('policies that err', listed(expect.errors), listed(said.errors.map(erringPolicy))),
  ]
}

function difference(what: string, expected: string, got: string): string[] {
  return expected === got ? [] : [`${what}: expected ${expected}, got ${got}`]
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? 'none' : [...new Set(values)].sort().join(', ')
}

/** Error lines are `<action>: <policy id>: <message>`. */
function erringPolicy(line: string): string {
  return line.split(': ')[1] ?? line
}
