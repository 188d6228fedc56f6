export { openIotTransfer as open } from './iot-transfer.ts'
