/** Something with a place of its own in the order of its making. */
export interface Sequenced {
  readonly seq: number
}

export interface Page<Item> {
  items: Item[]
  /** Where the next page goes on; undefined on the last one. */
  next: string | undefined
}

/**
 * Items after a cursor. The cursor is a place in the order and not a count, so items that come and go between two pages
 * neither hide nor double others. The items are sorted already, by `seq` up or down.
 */
export function takePage<Item extends Sequenced>(
  items: readonly Item[],
  { cursor, size, descending = false }: { cursor: number | undefined; size: number; descending?: boolean },
): Page<Item> {
  const rest = cursor === undefined ? items : items.filter(({ seq }) => (descending ? seq < cursor : seq > cursor))
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return { items: page, next: last === undefined || rest.length <= size ? undefined : writeCursor(last.seq) }
}

/** Base64, which is within what every service's model allows for a token. */
function writeCursor(seq: number): string {
  return Buffer.from(`after:${seq}`).toString('base64')
}

/** Undefined for a token that was not made here. */
export function readCursor(token: string): number | undefined {
  const match = /^after:(-?\d{1,15})$/.exec(Buffer.from(token, 'base64').toString('latin1'))
  return match === null ? undefined : Number(match[1])
}
