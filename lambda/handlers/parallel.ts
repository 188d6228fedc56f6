/** Works on so many items at once; each of the workers is made once. Stops at the first failure, and throws it. */
export async function inParallel<Item, Worker>(
  items: readonly Item[],
  { width, makeWorker }: { width: number; makeWorker: () => Worker },
  work: (item: Item, worker: Worker) => Promise<void>,
): Promise<void> {
  let next = 0
  let failed = false
  const lane = async (): Promise<void> => {
    const worker = makeWorker()
    for (let item = items[next++]; item !== undefined && !failed; item = items[next++]) {
      await work(item, worker).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
}
