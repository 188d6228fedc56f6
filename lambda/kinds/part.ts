import { beginning, type Place } from '../domain/scan-chain.ts'

/** How much of a listing is taken at a time. A kind awaits its turn before each call, and says how far it has come. */
export interface Part {
  readonly from: Place
  /** Before a page of the listing, with so many offers listed already; false: the next part goes on. */
  page(offers: number): Promise<boolean>
  /** Before each other call that is not about one offer. */
  call(): Promise<void>
  /** Before one offer is read; false: the next part goes on. */
  offer(): Promise<boolean>
  /** Whatever happens now, the next part goes on here. */
  reached(place: Place): void
}

/** All at once, as fast as AWS answers. */
export const everything: Part = {
  from: beginning,
  page: () => Promise.resolve(true),
  call: () => Promise.resolve(),
  offer: () => Promise.resolve(true),
  reached: () => undefined,
}
