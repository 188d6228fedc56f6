export { openRamInvitation as open } from './ram-invitation.ts'
