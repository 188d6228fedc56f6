import { defineConfig } from './lib/config.ts'

/** Your settings. What is left out takes its default; unknown keys and bad values fail at synth. */
export const config = defineConfig({
  region: 'us-east-1',
  // Records what it would do and answers nothing. Change to 'enforce' once the records look right.
  mode: 'observe',
  sweepEvery: '15 minutes',
  approvers: [{ id: 'cloud-team', email: 'cloud-team@example.com' }],
  partners: {
    // A group that policies can name: accounts whose offers you expect.
    partners: { accounts: ['444455556666'] },
  },
  email: { from: 'gatehouse@example.com' },
})
