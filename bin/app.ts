import { config } from '../gatehouse.config.ts'
import { synthesize } from '../lib/synth.ts'

await synthesize({
  config,
  thorough: true,
  notice: (text) => {
    console.error(`gatehouse: ${text}`)
  },
})
