import { BrigadeError } from '../aws/errors.ts';

/**
 * An error for the log: what it is, AWS's code and request id, stacks, and its causes. Only these:
 * an SDK error also carries its request, whose headers hold session tokens.
 */
export function errorForLog(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error, depth = 0; at !== undefined && depth < 5; depth++) {
    lines.push(depth === 0 ? oneError(at) : `caused by ${oneError(at)}`);
    at = at instanceof Error ? at.cause : undefined;
  }
  return redact(lines.join('\n'));
}

function oneError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const facts =
    error instanceof BrigadeError
      ? Object.entries({
          code: error.code,
          subject: error.subject,
          aws: error.awsCode,
          message: error.awsMessage,
          request: error.requestId,
        }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
      : [];
  return [error.stack ?? `${error.name}: ${error.message}`, ...facts].join('\n  ');
}

/** Blanks what would let a reader of the log act as the user: signatures, tokens, secret keys. */
export function redact(text: string): string {
  return text
    .replace(/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi, '$1…')
    .replace(/((?:x-amz-security-token|authorization)["']?\s*[:=]\s*)[^\n]+/gi, '$1…')
    .replace(
      /((?:secret_?access_?key|session_?token|aws_secret_access_key)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
      '$1…',
    );
}
