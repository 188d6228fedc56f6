import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPolicyCases } from '../../../lambda/policy/cases.ts'
import type { CaseReport } from '../../../lambda/policy/cases.ts'
import { settings, stranger } from './factory.ts'

const policyDir = 'policies'

function runCases(files: Record<string, unknown>): CaseReport {
  const casesDir = mkdtempSync(join(tmpdir(), 'cases-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(casesDir, path, '..'), { recursive: true })
    writeFileSync(join(casesDir, path), JSON.stringify(content))
  }
  return runPolicyCases({ policyDir, casesDir, ...settings })
}

const outgoing = {
  kind: 'iot-outgoing',
  counterparty: stranger,
  facts: { certificateId: 'c', message: null },
  expect: { policies: ['iot.cancel-unexplained-outgoing'] },
}

describe('the cases of the default policies', () => {
  const report = runPolicyCases({ policyDir, casesDir: 'policies/cases', ...settings })

  it.each(report.results)('$name', ({ problems }) => {
    expect(problems).toEqual([])
  })

  it('pass, and cover every policy', () => {
    expect(report).toMatchObject({ passed: true, uncovered: [] })
  })

  it.each([
    { partners: { partners: [] }, groups: {}, defaultGroup: null },
    { ...settings, organizationId: 'o-other' },
  ])('pass whatever else is configured: %j', (configured) => {
    const { results } = runPolicyCases({ policyDir, casesDir: 'policies/cases', ...configured })
    expect(results.flatMap(({ problems }) => problems)).toEqual([])
  })

  it('hold the doubts that must never lead to an accept', () => {
    const notes = new Set(report.results.flatMap((result) => (result.verdict === 'review' ? result.notes : [])))
    expect([...notes].sort()).toEqual(['empty-resources', 'evaluation-error', 'unknown-facts'])
  })
})

describe('a case', () => {
  it('passes with its verdict and its deciding policies', () => {
    const report = runCases({ 'reject/a.json': outgoing })
    expect(report.results).toEqual([
      expect.objectContaining({ name: 'reject/a', passed: true, policies: ['iot.cancel-unexplained-outgoing'] }),
    ])
  })

  it('fails with another verdict', () => {
    const report = runCases({ 'accept/a.json': outgoing })
    expect(report.passed).toBe(false)
    expect(report.results[0]?.problems).toEqual(['verdict: expected accept, got reject'])
  })

  it('fails with the right verdict for another reason', () => {
    const report = runCases({ 'reject/a.json': { ...outgoing, expect: { policies: ['iot.other'] } } })
    expect(report.results[0]?.problems).toEqual(['policies: expected iot.other, got iot.cancel-unexplained-outgoing'])
  })

  it('fails with an error that it does not expect', () => {
    const wrong = { ...outgoing, facts: { certificateId: 7 }, expect: { policies: [], notes: ['evaluation-error'] } }
    const report = runCases({ 'review/a.json': wrong })
    expect(report.results[0]?.problems).toEqual([expect.stringMatching(/^policies that err: expected none, got /)])
  })

  it('leaves policies uncovered that decide no case', () => {
    const { uncovered, passed } = runCases({ 'reject/a.json': outgoing })
    expect(passed).toBe(true)
    expect(uncovered).toContain('iot.allow-outgoing-to-partners')
    expect(uncovered).not.toContain('iot.cancel-unexplained-outgoing')
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['in a folder of another name', { 'maybe/a.json': outgoing }, /maybe: expected a folder accept, reject, review/],
    ['with an unknown key', { 'reject/a.json': { ...outgoing, verdict: 'accept' } }, /reject.a\.json: .*verdict/],
    ['that is no JSON file', { 'reject/a.txt': outgoing }, /a\.txt: expected a \.json file/],
    [
      'whose policies are wrong',
      { 'reject/a.json': { ...outgoing, policies: ['permit'] } },
      /a\.json#policies\[0\]:1: /,
    ],
  ])('%s is refused', (_, files, message) => {
    expect(() => runCases(files)).toThrow(message)
  })
})
