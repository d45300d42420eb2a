import { AwsError } from '../../errors.ts';
import { malformedXml } from '../../xml.ts';

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', 400, message);
}

/** @throws AwsError InvalidRequest when the text is shorter or longer than AWS allows. */
export function limited(
  text: string | undefined,
  name: string,
  least: number,
  most: number,
): string | undefined {
  if (text !== undefined && (text.length < least || text.length > most)) {
    throw invalidRequest(`${name} must have ${least} to ${most} characters.`);
  }
  return text;
}

/** @throws AwsError InvalidRequest when it is missing. */
export function required(text: string | undefined, name: string): string {
  if (text === undefined) throw invalidRequest(`${name} is required.`);
  return text;
}

/** @throws AwsError MalformedXML for what is neither true nor false. */
export function readBoolean(text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback;
  if (text !== 'true' && text !== 'false') throw malformedXml();
  return text === 'true';
}
