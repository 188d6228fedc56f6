export { openIotSend as open } from './iot-send.ts'
