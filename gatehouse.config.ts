import { defineConfig } from './lib/config.ts'

/** Your settings. What is left out takes its default; unknown keys and bad values fail at synth. */
export const config = defineConfig({
  region: 'us-east-1',
  // Records what it would do and answers nothing. Change to 'enforce' once the records look right.
  mode: 'observe',
  sweepEvery: '15 minutes',
  groups: {
    // Who is asked where policy does not decide; policies route to a group with @approvers("...").
    security: { approvers: [{ id: 'cloud-team', email: 'cloud-team@example.com' }], quorum: 1 },
  },
  partners: {
    // A group that policies can name: accounts whose offers you expect.
    partners: { accounts: ['444455556666'] },
  },
  email: { from: 'gatehouse@example.com' },
})
