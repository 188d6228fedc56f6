import { policiesFile, settingsFile } from '../lambda/contract/env.ts'
import type { Settings } from '../lambda/contract/settings.ts'
import type { PolicyDocument } from '../lambda/policy/document.ts'
import { publicSettings, signInSettings, slackSettings, toSettings, type Config } from './config.ts'

/** What lies beside the bundle of a handler: settings, narrowed where the internet reaches it, and policies. */
export function filesBeside(config: Config, policies: PolicyDocument): (handler: string) => Record<string, string> {
  const settings = toSettings(config, policies.digest)
  const narrowed: Partial<Record<string, Settings>> = {
    web: publicSettings(settings),
    'sign-in': signInSettings(settings),
    slack: slackSettings(settings),
  }
  return (handler) => ({
    [settingsFile]: JSON.stringify(narrowed[handler] ?? settings),
    ...(handler === 'judge' ? { [policiesFile]: JSON.stringify(policies) } : {}),
  })
}
