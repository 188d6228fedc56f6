import * as z from 'zod'
import { specOf } from '../domain/kinds.ts'
import type { Kind, KindContext } from './kind.ts'

const moduleSchema = z.object({
  open: z.custom<(context: KindContext) => Kind>((value) => typeof value === 'function'),
})

/** Loads only the kind that is asked for, from its folder: a split bundle then reads one SDK client, not three. */
export async function openKind(context: KindContext): Promise<Kind> {
  const { kind } = specOf(context.target.kind)
  const module: unknown = await import(`./${kind}/open.ts`)
  return moduleSchema.parse(module).open(context)
}
