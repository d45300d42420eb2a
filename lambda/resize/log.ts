type Level = 'debug' | 'info' | 'warn' | 'error';

/** Writes one line of JSON, which CloudWatch Logs Insights reads as fields. */
export function log(
  level: Level,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  const line = JSON.stringify({ level, message, ...fields });
  if (level === 'error') console.error(line);
  else if (level === 'warn') console.warn(line);
  else console.log(line);
}
