export interface Visit {
  url: string
  status: number
  text: string
  headers: Headers
}

/** A browser without a window: follows redirects, keeps cookies by name, and sends forms as a browser does. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  /** Every address that was asked for, in order. */
  readonly visited: string[] = []

  async open(url: string): Promise<Visit> {
    return await this.#go(url, { method: 'GET' })
  }

  /** Fields given over those that are hidden in the form. */
  async send(visit: Visit, fields: Record<string, string> = {}): Promise<Visit> {
    const form = /<form[^>]*>[^]*?<\/form>/.exec(visit.text)?.[0]
    if (form === undefined) throw new Error(`no form on ${visit.url}: ${visit.text.slice(0, 300)}`)
    const action = /action="([^"]*)"/.exec(form)?.[1] ?? visit.url
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const body = new URLSearchParams({
      ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
      ...fields,
    })
    const { origin } = new URL(visit.url)
    return await this.#go(new URL(action, visit.url).href, {
      method: 'POST',
      headers: { origin, 'sec-fetch-site': 'same-origin' },
      body,
    })
  }

  async #go(url: string, init: RequestInit): Promise<Visit> {
    this.visited.push(url)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string> | undefined), ...(cookie === '' ? {} : { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const location = response.headers.get('location') ?? refreshOf(response)
    if (location !== undefined) return await this.#go(new URL(location, url).href, { method: 'GET' })
    return { url, status: response.status, text: await response.text(), headers: response.headers }
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

function refreshOf({ headers }: Response): string | undefined {
  return /^0;url=(.*)$/.exec(headers.get('refresh') ?? '')?.[1]
}
