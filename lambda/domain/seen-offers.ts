/** Six bytes of an offer's hash: of ten thousand, two are mistaken for each other once in millions of scans. */
const bytesPerOffer = 6
/** 48 kB at most: those beyond are looked at once more, which costs a read each. */
const mostOffers = 8192

/** Which offers a scan has found pending, small enough to be carried from step to step. */
export class SeenOffers {
  readonly #marks: Set<string>

  constructor(bytes: Uint8Array = new Uint8Array()) {
    const hex = Buffer.from(bytes).toString('hex')
    this.#marks = new Set(hex.match(new RegExp(`.{${2 * bytesPerOffer}}`, 'g')) ?? [])
  }

  add(offerId: string): void {
    if (this.#marks.size < mostOffers) this.#marks.add(markOf(offerId))
  }

  remove(offerId: string): void {
    this.#marks.delete(markOf(offerId))
  }

  has(offerId: string): boolean {
    return this.#marks.has(markOf(offerId))
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.from([...this.#marks].join(''), 'hex'))
  }
}

/** An offer id ends in 32 hexadecimal digits. */
function markOf(offerId: string): string {
  return offerId.slice(-32).slice(0, 2 * bytesPerOffer)
}
