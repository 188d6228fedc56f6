export { openIotOutgoing as open } from './iot-outgoing.ts'
