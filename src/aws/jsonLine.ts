/**
 * A value as JSON on a line of its own, with its end. JSON leaves U+2028 and U+2029 as they are, and
 * Node's readers of lines take them for ends of lines.
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}
