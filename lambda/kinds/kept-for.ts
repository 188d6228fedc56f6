interface Rules<T> {
  ms: number
  /** More are never kept at a time. */
  most: number
  nowMs: () => number
  isWorthKeeping?: (value: T) => boolean
}

/**
 * Answers that serve for a while, counted from when they were asked for. Who asks for the same meanwhile waits for the
 * same answer. A failure is not kept; a clock that was set back makes everything too old.
 */
export class KeptFor<T> {
  readonly #rules: Rules<T>
  readonly #kept = new Map<string, { atMs: number; value: Promise<T> }>()

  constructor(rules: Rules<T>) {
    this.#rules = rules
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key)
    if (kept !== undefined && this.#isGood(kept.atMs)) return await kept.value
    return await this.#keep(key, make())
  }

  forget(key: string): void {
    this.#kept.delete(key)
  }

  async #keep(key: string, value: Promise<T>): Promise<T> {
    if (this.#kept.size >= this.#rules.most) this.#kept.clear()
    const entry = { atMs: this.#rules.nowMs(), value }
    this.#kept.set(key, entry)
    let isKept = false
    try {
      const made = await value
      isKept = this.#rules.isWorthKeeping?.(made) ?? true
      return made
    } finally {
      if (!isKept && this.#kept.get(key) === entry) this.#kept.delete(key)
    }
  }

  #isGood(atMs: number): boolean {
    const ageMs = this.#rules.nowMs() - atMs
    return ageMs >= 0 && ageMs < this.#rules.ms
  }
}
