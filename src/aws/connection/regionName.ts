/** What AWS's tools accept as a Region: a part of a host name. */
export function isHostLabel(text: string): boolean {
  return /^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/.test(text);
}
