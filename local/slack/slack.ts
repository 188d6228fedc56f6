import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Behaviour } from '../aws/behaviour.ts'
import { SlackPeople } from './person.ts'
import { createSlackApi } from './web-api.ts'
import { SlackWorkspace, type SlackOptions } from './workspace.ts'

export interface LocalSlack {
  readonly workspace: SlackWorkspace
  /** Those who press its buttons. */
  readonly people: SlackPeople
  /** Answers the app under `/slack/api/`; false for any other path. */
  readonly api: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

export interface SlackParts {
  options: SlackOptions
  nowMs: () => number
  behaviour: Behaviour
  /** Where the app's HTTP API answers. */
  approvalUrl: string
}

export function createSlack({ options, nowMs, behaviour, approvalUrl }: SlackParts): LocalSlack {
  const workspace = new SlackWorkspace(options, nowMs)
  return {
    workspace,
    people: new SlackPeople(workspace, `${approvalUrl}/slack/interactions`),
    api: createSlackApi({ slack: workspace, behaviour }),
  }
}
