import type { Settings } from '../../lambda/contract/settings.ts'

type ApprovalSettings = Pick<
  Settings,
  'groups' | 'defaultGroup' | 'escalationGroup' | 'remindAt' | 'escalateAt' | 'personalAsks' | 'slack' | 'signIn'
>

/** One group of everybody, who are asked once. */
export function approvalSettings(approvers: readonly { id: string }[]): ApprovalSettings {
  return {
    groups: { people: { approvers: approvers.map(({ id }) => id), quorum: 1 } },
    defaultGroup: 'people',
    escalationGroup: null,
    remindAt: [0.5, 0.75],
    escalateAt: 0.75,
    personalAsks: 20,
    slack: null,
    signIn: null,
  }
}
