export { openIamDelegation as open } from './iam-delegation.ts'
