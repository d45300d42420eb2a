/** What a quoted text of a filter pattern says: a backslash stands before quotes and backslashes. */
export function unescapeQuoted(quoted: string): string {
  return quoted.replace(/\\(.)/gs, '$1');
}
