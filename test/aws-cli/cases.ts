import { cellsOf } from '../support/cells.ts'
import type { HandKind } from './hands.ts'

/*
 * How a case ends, by where Gatehouse stands (left) when somebody acts by hand (top). `unseen`: it has not looked yet;
 * `asking`; `voted`: one of two who are needed; `accepting`, `rejecting`: decided, and its first call is refused, so
 * that the hand comes before the settling; `held`: accepted, and not released yet; `accepted`, `rejected`, `left`: it
 * is over. `none`: there is no case. Made anew, an offer is another case, and the old one ends.
 */
const tables: Record<HandKind, string> = {
  'ram-invitation': `
    step       nothing   accepted    rejected
    asking     open      SUPERSEDED  SUPERSEDED
    voted      open      SUPERSEDED  SUPERSEDED
    accepting  ACCEPTED  ACCEPTED    SUPERSEDED
    rejecting  REJECTED  SUPERSEDED  REJECTED
    accepted   ACCEPTED  ACCEPTED    ACCEPTED
    rejected   REJECTED  REJECTED    REJECTED`,
  'iot-transfer': `
    step       nothing   accepted    rejected    cancelled  anew
    unseen     open      none        none        none       open
    asking     open      SUPERSEDED  WITHDRAWN   WITHDRAWN  WITHDRAWN
    voted      open      SUPERSEDED  WITHDRAWN   WITHDRAWN  WITHDRAWN
    accepting  ACCEPTED  ACCEPTED    WITHDRAWN   WITHDRAWN  WITHDRAWN
    rejecting  REJECTED  SUPERSEDED  REJECTED    REJECTED   REJECTED
    accepted   ACCEPTED  ACCEPTED    ACCEPTED    ACCEPTED   ACCEPTED`,
  'iot-outgoing': `
    step       nothing   accepted    rejected    cancelled   anew
    asking     open      SUPERSEDED  WITHDRAWN   SUPERSEDED  SUPERSEDED
    voted      open      SUPERSEDED  WITHDRAWN   SUPERSEDED  SUPERSEDED
    rejecting  REJECTED  SUPERSEDED  WITHDRAWN   REJECTED    WITHDRAWN
    left       LEFT      LEFT        LEFT        LEFT        LEFT`,
  'iam-delegation': `
    step       nothing   accepted    rejected    released
    asking     open      SUPERSEDED  SUPERSEDED  open
    voted      open      SUPERSEDED  SUPERSEDED  open
    rejecting  REJECTED  SUPERSEDED  REJECTED    REJECTED
    held       ACCEPTED  ACCEPTED    SUPERSEDED  ACCEPTED
    rejected   REJECTED  REJECTED    REJECTED    REJECTED`,
}

export interface Case {
  kind: HandKind
  step: string
  act: string
  expected: string
}

export const cases: Case[] = (Object.keys(tables) as HandKind[]).flatMap((kind) =>
  cellsOf(tables[kind], ['step']).map(({ step, column, expected }) => ({ kind, step, act: column, expected })),
)

/** In this order: the clock moves on between them. */
export const steps: string[] = [...new Set(cases.map(({ step }) => step))]
