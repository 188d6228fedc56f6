/** Browsers send both headers with a form; other programs and other sites do not have ours. */
export function isFromOurPage(header: (name: string) => string | undefined, approvalUrl: string): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') return false
  return header('origin') === new URL(approvalUrl).origin
}
