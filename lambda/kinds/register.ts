import { registerKinds } from '../domain/kinds.ts'
import * as registry from './registry.ts'

// Imported for this alone, by deps.ts and wherever else a process begins.
registerKinds(Object.values(registry))
