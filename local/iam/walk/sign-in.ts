/** Signs in for the offer behind a link, as a browser does that follows where it is sent; the cookies that it has then. */
export async function signIn(link: string): Promise<string> {
  const cookies = new Map<string, string>()
  /** Sends a form where it has headers of its own. */
  const browse = async (url: string, headers?: Record<string, string>): Promise<Response> => {
    const method = headers === undefined ? 'GET' : 'POST'
    const response = await fetch(url, { method, redirect: 'manual', headers: { ...headers, cookie: textOf(cookies) } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  const action = /action="(\/sign-in\/[^"]+)"/.exec(await (await browse(link)).text())?.[1]
  if (action === undefined) throw new Error('expected a page on which one can sign in, got another')
  const { origin, href } = new URL(action, link)
  const begun = await browse(href, { origin, 'sec-fetch-site': 'same-origin' })
  const provider = /^0;url=(.*)$/.exec(begun.headers.get('refresh') ?? '')?.[1] ?? ''
  const callback = (await fetch(provider, { redirect: 'manual' })).headers.get('location') ?? ''
  const back = await browse(callback)
  if (back.headers.get('location') === null) throw new Error(`expected to be signed in, got ${back.status}`)
  return textOf(cookies)
}

function textOf(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
