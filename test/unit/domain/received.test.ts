import { receivedOf } from '../../../lambda/domain/received.ts'
import { receivedWords } from '../../../lambda/web/received-words.ts'
import { factsOfKind } from '../../support/facts.ts'

const arns = (count: number): { arn: string; type: string; regionScope: string }[] =>
  Array.from({ length: count }, (_, at) => ({
    arn: `arn:aws:ec2:x:y:subnet/${at}`,
    type: 'ec2:Subnet',
    regionScope: 'REGIONAL',
  }))

describe('what is recorded of what an accept gave us', () => {
  it('fits an item of the ledger, and says how much does not', () => {
    const record = receivedOf({ visible: true, seen: { resources: arns(5000), text: 'x'.repeat(9000) } }, undefined)
    expect(record).toMatchObject({ left: { resources: 4900 } })
    expect(JSON.stringify(record).length).toBeLessThan(20_000)
  })

  it('compares the whole of it, and only decisive facts', () => {
    const decided = factsOfKind('ram-invitation', { resources: arns(101), resourceCount: 101 })
    const changed = (count: number): string[] =>
      receivedOf({ visible: true, seen: { resources: arns(count), resourceCount: count, status: 'ACTIVE' } }, decided)
        .changed
    expect(changed(101)).toEqual([])
    expect(changed(102)).toEqual(['resources', 'resourceCount'])
  })

  it('compares nothing that is not there yet', () => {
    const decided = factsOfKind('ram-invitation', { resources: arns(1) })
    expect(receivedOf({ visible: false, seen: { resources: [] } }, decided).changed).toEqual([])
  })

  it('is said in words, bounded and clean', () => {
    const record = receivedOf({ visible: true, seen: { resources: arns(5000), name: 'a\u202eb' } }, undefined)
    const { title, details } = receivedWords({ ...record, changed: ['resources'] }, 'ram-invitation')
    expect(title).toBe('What AWS shows of it now')
    expect(details.slice(0, 2)).toEqual([
      'Not as it was decided on: Resources',
      'Resources: ec2:Subnet arn:aws:ec2:x:y:subnet/0 REGIONAL',
    ])
    expect(details).toContain('Resources: … and 4980 more')
    expect(details.at(-1)).toBe('Name: a[U+202E]b')
    expect(details).toHaveLength(23)
  })

  it('says why it could not be read', () => {
    const problem = { visible: false, seen: {}, changed: [], problem: 'AccessDenied' }
    expect(receivedWords(problem, 'iot-transfer')).toEqual({
      title: 'AWS did not show in time what it gave us',
      details: ['AccessDenied'],
    })
  })
})
