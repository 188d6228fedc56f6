export function busArnOf({ account, region, name }: { account: string; region: string; name: string }): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`
}

export function isBus(arn: string): boolean {
  return /^arn:[^:]+:events:[^:]*:\d{12}:event-bus\//.test(arn)
}
