import type { Context, Hono } from 'hono'
import { ControlFailed, type ControlClient } from '../control-client.ts'
import type { Frame } from './layout.ts'
import { renderSlackPage, renderSlackView } from './slack-views.ts'

export interface SlackRoutes {
  control: Pick<ControlClient, 'slackMessages' | 'slackViews' | 'pressInSlack' | 'submitInSlack' | 'dismissInSlack'>
  show: (context: Context, part: Pick<Frame, 'title' | 'body' | 'current'>) => Promise<Response>
}

/** Slack in the console: what was posted, buttons that can be pressed, and the forms that they open. */
export function addSlackRoutes(app: Hono, routes: SlackRoutes): void {
  const { control, show } = routes
  app.get('/slack', async (context) =>
    show(context, renderSlackPage(await control.slackMessages(), context.req.query('failed'))),
  )
  app.post('/slack/press', async (context) => {
    const { message = '', action = '', user = '' } = await textFields(context)
    const { status, view } = await control.pressInSlack({ message, action, user })
    return context.redirect(view === null ? `/slack?failed=${status}` : `/slack/views/${view.id}`, 303)
  })
  app.get('/slack/views/:id', (context) => showView(context, routes))
  app.post('/slack/views/:id', (context) => submit(context, routes))
  app.post('/slack/views/:id/close', async (context) => {
    await control.dismissInSlack(context.req.param('id'))
    return context.redirect('/slack', 303)
  })
}

async function showView(context: Context, { control, show }: SlackRoutes): Promise<Response> {
  const view = (await control.slackViews()).find(({ id }) => id === context.req.param('id'))
  return view === undefined
    ? context.notFound()
    : await show(context, renderSlackView(view, { values: {}, errors: {} }))
}

async function submit(context: Context, { control, show }: SlackRoutes): Promise<Response> {
  const id = context.req.param('id') ?? ''
  const values = await textFields(context)
  const { view, errors, status } = await control.submitInSlack({ view: id, values })
  if (status >= 400) throw new ControlFailed(`expected Gatehouse to take the form, got ${status}`)
  if (view !== null && Object.keys(errors).length > 0) {
    context.status(422)
    return await show(context, renderSlackView(view, { values, errors }))
  }
  return context.redirect(view === null ? '/slack' : `/slack/views/${view.id}`, 303)
}

async function textFields(context: Context): Promise<Record<string, string>> {
  const fields = Object.entries(await context.req.parseBody())
  return Object.fromEntries(fields.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}
