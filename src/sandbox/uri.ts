import { AwsError } from './errors.ts';

/**
 * Percent-decodes text of a request target.
 * @throws AwsError InvalidURI when it is not UTF-8.
 */
export function decodeUri(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.", { URI: text });
  }
}
