const hourMs = 60 * 60 * 1000

/**
 * When RAM ends an invitation (ISO). The API does not say: 7 days where every resource type is on AWS's list, else 12
 * hours. Nothing known of the resources means the shorter one.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
export function expiryOf(invitation: { invitedAt: string; types: string[] | null; sevenDayTypes: string[] }): string {
  const { types, sevenDayTypes } = invitation
  const long = types !== null && types.length > 0 && types.every((type) => sevenDayTypes.includes(type))
  return new Date(Date.parse(invitation.invitedAt) + (long ? 7 * 24 : 12) * hourMs).toISOString()
}
