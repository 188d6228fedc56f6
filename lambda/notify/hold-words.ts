import type { Approver } from '../contract/settings.ts'
import type { OfferState } from '../domain/state.ts'
import { formatInZone, formatUtc } from '../domain/plain-time.ts'
import { consoleReviewLink } from '../domain/wording.ts'

/**
 * `hold`: an accept of the delegator role can be taken back. `release`: the hold is over, and only the owner of the
 * request can release the access. `stranded`: the role has lost the right to do so.
 */
export type HoldAbout = 'hold' | 'release' | 'stranded'

export interface HoldTold {
  about: HoldAbout
  offer: Pick<OfferState, 'ref'>
  approver: Approver
  /** `link`: where this approver can take it back. None where it is not known to be our accept. */
  held: { until: string; link: string } | undefined
}

export interface HoldWords {
  subject: string
  lines: string[]
  /** Where a person releases or rejects it; none as long as Gatehouse does. */
  consoleHref: string | undefined
}

/** What people are told of an accept of the delegator role, whatever way it reaches them. */
export function holdWords(told: HoldTold): HoldWords {
  switch (told.about) {
    case 'hold':
      return wordsOfHold(told)
    case 'release':
      return wordsOfRelease(told)
    case 'stranded':
      return wordsOfStranded(told)
  }
}

function wordsOfHold({ approver, held }: HoldTold): HoldWords {
  const until = held?.until
  return {
    subject: until === undefined ? 'accepted' : `accepted, can be taken back until ${formatUtc(until)}`,
    lines: [
      `${approver.id}, the delegator role of your account has accepted this request. The partner has no access yet.`,
      `It gets its access ${until === undefined ? 'later' : `at ${formatInZone(until, approver.timeZone)}`}. Until then ` +
        'the accept can be taken back, by any one of those who get this message. After that only the AWS console can ' +
        'end the access.',
    ],
    consoleHref: undefined,
  }
}

function wordsOfRelease({ offer, approver }: HoldTold): HoldWords {
  return {
    subject: 'its owner has to release the access',
    lines: [
      `${approver.id}, this request is accepted, and the time to take that back unasked is over. ` +
        'Whoever owns it at AWS said that only the owner may release the access, so Gatehouse cannot.',
      'If you are its owner, release it in the AWS console under your own identity. Or take the accept back.',
    ],
    consoleHref: consoleReviewLink(offer.ref),
  }
}

function wordsOfStranded({ offer, approver, held }: HoldTold): HoldWords {
  const { account } = offer.ref
  const accepted =
    held === undefined
      ? 'AWS shows this request as accepted, most likely by the delegator role of your account.'
      : 'The delegator role of your account has accepted this request.'
  return {
    subject: 'accepted, and a person has to release it or take it back',
    lines: [
      `${approver.id}, ${lowerFirst(accepted)} Since then \`iam.role\` in the configuration of Gatehouse no longer names ` +
        `account ${account}: the role may neither release the access nor take it back. The partner has no access.`,
      `What you can do: sign in to account ${account}, and release the access or reject the request in the AWS console` +
        (held === undefined ? '.' : '; or take the accept back here, and Gatehouse rejects the request.'),
      'If nobody does anything, AWS ends the request by itself, and nobody gets any access.',
    ],
    consoleHref: consoleReviewLink(offer.ref),
  }
}

function lowerFirst(words: string): string {
  return words.startsWith('AWS') ? words : words.charAt(0).toLowerCase() + words.slice(1)
}
