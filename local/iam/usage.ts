import type { Right } from './statement.ts'

/** Which right was needed by which path of the workflow. */
export interface Usage {
  /** What follows is done on this path. */
  enter: (path: string) => void
  add: (rights: readonly Right[]) => void
  /** In the order in which they came. */
  pathsOf: (right: Right) => readonly string[]
}

export function createUsage(firstPath = 'start'): Usage {
  const paths = new Map<string, Set<string>>()
  let current = firstPath
  return {
    enter(path) {
      current = path
    },
    add(rights) {
      for (const { id } of rights) {
        const known = paths.get(id)
        if (known === undefined) paths.set(id, new Set([current]))
        else known.add(current)
      }
    },
    pathsOf: ({ id }) => [...(paths.get(id) ?? [])],
  }
}
