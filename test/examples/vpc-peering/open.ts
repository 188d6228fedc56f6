export { openVpcPeering as open } from './vpc-peering.ts'
