import type { ExpectedAnswer } from './expectedAnswer.ts';

/** What an answer lacks and what it is, in terms of the protocol: `<Tagging>`, `HTTP 200 <html>`. */
export interface AnswerMismatch {
  readonly wanted: string;
  readonly found: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Not read where it is streamed on. */
  readonly body: string;
  readonly method: string;
  readonly hasHeader: boolean;
  /** It comes from an S3-compatible service and has such a header: its document may differ a little. */
  readonly isOfAnother: boolean;
  /** It has one of AWS's headers, or comes from where none are sent. */
  readonly isVouchedFor: boolean;
}

/** A request id or another header of AWS's. CloudFront's are on any page that it delivers. */
const AWS_HEADER = /^x-amzn?-(?!cf-)/i;

export function hasAwsHeader(headers: Answer['headers']): boolean {
  return Object.keys(headers).some(name => AWS_HEADER.test(name));
}

/** Why an answer that reports success isn't valid; undefined if it is. */
export function checkSuccess(
  expected: ExpectedAnswer,
  answer: Answer,
  isAws: boolean,
): AnswerMismatch | undefined {
  const wanted =
    missingHeader(expected, answer) ??
    (isAws && !answer.hasHeader ? REQUEST_ID : undefined) ??
    BODY_RULES[expected.body](expected, answer);
  return wanted === undefined ? undefined : { wanted, found: found(answer) };
}

const REQUEST_ID = 'x-amz-request-id';

/** What each kind of body has to be, or undefined where it is that. */
const BODY_RULES: Readonly<
  Record<ExpectedAnswer['body'], (expected: ExpectedAnswer, answer: Answer) => string | undefined>
> = {
  xml: wantedXml,
  json: wantedJson,
  empty: wantedEmpty,
  other: (_, { isVouchedFor }) => (isVouchedFor ? undefined : REQUEST_ID),
};

function missingHeader({ headers }: ExpectedAnswer, answer: Answer): string | undefined {
  const sent = Object.entries(answer.headers).filter(([, value]) => value !== '');
  const names = new Set(sent.map(([name]) => name.toLowerCase()));
  return headers.find(name => !names.has(name));
}

/** S3 aborts these by closing the body before anything is in it; the SDK knows and asks again. */
const MAY_BE_ABORTED = /^(CopyObject|UploadPartCopy|CompleteMultipartUpload)$/;

function wantedXml(expected: ExpectedAnswer, answer: Answer): string | undefined {
  const { root = '', operation, elements } = expected;
  const isAborted = answer.hasHeader && answer.body === '' && MAY_BE_ABORTED.test(operation);
  const isLateError = rootElement(answer.body) === 'Error' && isWhole(answer.body, 'Error');
  if (isAborted || isLateError) return undefined;
  const found = rootElement(answer.body);
  // Moto names its documents so.
  const isNamedAnew = answer.isOfAnother && found === `${operation}Response`;
  if (found !== root && !isNamedAnew) return `<${root}>`;
  if (!isWhole(answer.body, found)) return `</${root}>`;
  // Ceph's gateway leaves the ETag of an object in parts empty.
  if (answer.isOfAnother) return undefined;
  const missing = elements.find(name => !new RegExp(`<${name}>[^<]`).test(answer.body));
  return missing === undefined ? undefined : `<${missing}>`;
}

function wantedJson({ members }: ExpectedAnswer, answer: Answer): string | undefined {
  const value = parsedObject(answer.body);
  if (value === undefined) return 'JSON';
  const isKnown = answer.isVouchedFor || members.some(name => name in value);
  return isKnown ? undefined : `{ ${members.slice(0, 3).join(', ')} }`;
}

function wantedEmpty({ status }: ExpectedAnswer, answer: Answer): string | undefined {
  if (!answer.isVouchedFor) return REQUEST_ID;
  const isPage = answer.body.trim() !== '' && !answer.hasHeader;
  if (isPage || rootElement(answer.body) === 'html') return 'an empty body';
  return status === 204 && answer.status !== 204 ? 'HTTP 204' : undefined;
}

/** Why an answer that reports an error isn't valid; undefined if it is. */
export function checkError(expected: ExpectedAnswer, answer: Answer): AnswerMismatch | undefined {
  const isValid = answer.body === '' ? answer.isVouchedFor : isErrorBody(answer.body);
  if (isValid || answer.hasHeader) return undefined;
  return { wanted: expected.body === 'xml' ? '<Error>' : REQUEST_ID, found: found(answer) };
}

function isErrorBody(body: string): boolean {
  const root = rootElement(body);
  if (root !== undefined)
    return /^(Error|ErrorResponse|Response)$/.test(root) && isWhole(body, root);
  const value = parsedObject(body) ?? {};
  return ['__type', 'code', 'Code', 'message', 'Message'].some(name => name in value);
}

/** The name of the root element without a prefix; undefined for what is not XML. */
export function rootElement(body: string): string | undefined {
  const start = /^\uFEFF?\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[^])*-->\s*|<!DOCTYPE[^>]*>\s*)*/i;
  const rest = body.slice(start.exec(body)?.[0].length ?? 0);
  return /^<(?:[\w-]+:)?([\w.-]+)/.exec(rest)?.[1];
}

/** Half an answer parses too: what is missing would be taken for what isn't there. */
function isWhole(body: string, root: string): boolean {
  const end = body.trimEnd();
  return end.endsWith(`${root}>`) || (end.endsWith('/>') && !end.slice(0, -2).includes('</'));
}

function parsedObject(body: string): object | undefined {
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(body) as object;
  } catch {
    return undefined;
  }
}

function found({ status, headers, body }: Answer): string {
  const type = headers['content-type']?.split(';')[0] ?? '';
  const root = rootElement(body);
  const what = root === undefined ? type : `<${root}>`;
  return ['HTTP', status, what].filter(each => each !== '').join(' ');
}
