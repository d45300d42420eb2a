/** What a task's ResultMessage says, for people and for counting. Nothing here loads the AWS SDK. */

/**
 * The message of a completion report's row in a form that people read: of a Lambda function's error
 * S3 writes the whole JSON into the cell (Amazon S3 user guide, "Invoke AWS Lambda function").
 */
export function readableMessage(message: string): string {
  const json = /^Lambda returned function error: (\{[\s\S]*)$/.exec(message)?.[1];
  const error = json === undefined ? undefined : parseError(json);
  if (error === undefined) return message;
  const { errorType = '', errorMessage = '' } = error;
  return [errorType, errorMessage].filter(part => part !== '').join(': ');
}

function parseError(json: string): { errorType?: string; errorMessage?: string } | undefined {
  try {
    const { errorType, errorMessage } = JSON.parse(json) as Record<string, unknown>;
    if (typeof errorMessage !== 'string') return undefined;
    return { errorMessage, ...(typeof errorType === 'string' && { errorType }) };
  } catch {
    return undefined;
  }
}

/** Characters of a message that are looked at, and that distinguish kinds. */
const MAX_READ = 4096;
const MAX_KIND_LENGTH = 300;

/**
 * A message without what differs from object to object (its key, request ids, times, numbers), so
 * that failures of one kind can be counted together.
 */
export function kindOfMessage(message: string, keys: readonly string[]): string {
  let kind = readableMessage(message).slice(0, MAX_READ);
  for (const key of keys.filter(one => one !== '')) {
    if (kind.includes(key)) kind = kind.replace(wholeKey(key), '*');
  }
  return kind
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '*')
    .replace(/\d+(?:[.,:TZ-]+\d+)*Z?/g, '#')
    .slice(0, MAX_KIND_LENGTH);
}

/** A key may be a letter: only where it stands by itself is it meant. */
function wholeKey(key: string): RegExp {
  const literal = key.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu');
}
