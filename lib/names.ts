/** `ram-invitation` and `autoAcceptor` as construct ids: `RamInvitation`, `AutoAcceptor`. */
export function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, _dash: string, letter: string) => letter.toUpperCase())
}
