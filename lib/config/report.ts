/** Tells of a value that does not fit the others. */
export type Report = (path: PropertyKey[], expected: string, got: unknown) => void

/** Reports what is in a list for the second time. */
export function reportTwice(
  list: readonly string[],
  path: PropertyKey[],
  { report, what }: { report: Report; what: string },
): void {
  for (const [index, value] of list.entries())
    if (list.indexOf(value) !== index) report([...path, index], `${what} named once`, value)
}
