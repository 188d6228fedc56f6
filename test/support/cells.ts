/** The cells of a table in text: two or more spaces part columns, the first line names them, `keys` of them lead a row. */
export function cellsOf<const Key extends string>(
  table: string,
  keys: readonly Key[],
): ({ [K in Key]: string } & { column: string; expected: string })[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/))
  return rows.flatMap((row) => {
    const led = Object.fromEntries(keys.map((key, at) => [key, row[at] ?? ''])) as { [K in Key]: string }
    return row.slice(keys.length).map((expected, at) => ({ ...led, column: head[at + keys.length] ?? '', expected }))
  })
}

/** The answer, or the name of what was thrown. */
export async function nameOf(result: Promise<string>): Promise<string> {
  return await result.catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'))
}
