import fc from 'fast-check'
import { cleanText, defangLinks } from '../../../lambda/domain/hostile-text.ts'
import { hostileTexts } from '../../support/facts.ts'

const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800\u3164]/u

describe('cleanText', () => {
  test.each([
    ['bidi', 'invoice[U+202E]gnp.exe[U+2066]hidden[U+2069]'],
    ['control', 'a[U+0000]b[U+0007]c[U+001B][31mred[U+009B]'],
    ['newlines', 'before ⏎ after'],
    ['stacked', '\u017A\u0301\u0301algo'],
    ['html', hostileTexts['html']],
  ])('makes %s visible and keeps it on one line', (name, expected) => {
    expect(cleanText(hostileTexts[name]!)).toBe(expected)
  })

  test('takes no longer for the spaces of a hostile text than for its letters', () => {
    const begun = performance.now()
    cleanText(`${'\u00a0'.repeat(300_000)}x${'\n'.repeat(300_000)}y`)
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  test('names a run of one invisible character once', () => {
    expect(cleanText(`a${'\u200B'.repeat(500)}b`, 1000)).toBe('a[U+200B ×500]b')
  })

  test('bounds the length and says how much is left out', () => {
    expect(cleanText('x'.repeat(310), 300)).toBe(`${'x'.repeat(300)} … (10 more characters)`)
  })

  test('leaves ordinary text of any language alone', () => {
    expect(cleanText('Tromsø – 日本語 – عربي – 👍')).toBe('Tromsø – 日本語 – عربي – 👍')
  })

  test('gives no text that controls how it is shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(cleanText(text)).not.toMatch(dangerous)
      }),
    )
  })
})

describe('defangLinks', () => {
  test.each([
    ['https://evil.example/a?b=c', 'https[:]//evil[.]example/a?b=c'],
    ['see www.evil.example.', 'see www[.]evil[.]example.'],
    ['boss@evil.example', 'boss[@]evil[.]example'],
    ['javascript:alert(1)', 'javascript[:]alert(1)'],
    ['evil\u3002example', 'evil[.]example'],
    ['भारती.com', 'भारती[.]com'],
    ['i❤.ws', 'i❤[.]ws'],
    ['😀.com', '😀[.]com'],
    ['1.2.3.4/x', '1[.]2[.]3[.]4/x'],
    ['user@xn--p1ai', 'user[@]xn--p1ai'],
    ['user@a.xn--p1ai', 'user[@]a[.]xn--p1ai'],
    ['account 444455556666.', 'account 444455556666.'],
    ['arn:aws:iam::123456789012:role/x', 'arn:aws:iam::123456789012:role/x'],
    ['27 November 2026, 11:00 UTC. Fine.', '27 November 2026, 11:00 UTC. Fine.'],
  ])('%s', (text, expected) => {
    expect(defangLinks(text)).toBe(expected)
  })
})
