import type { RunNames } from '../account/runNames.ts';
import type { Asked, RawAnswer, Request } from './wire.ts';

/** What a scenario acts on. */
export interface World {
  /** Its own bucket; the empty text where it has none. */
  readonly bucket: string;
  readonly names: RunNames;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** A call that is not compared. @throws unless it succeeds */
  readonly send: (request: Request) => Promise<RawAnswer>;
  /**
   * A call whose answer is compared, and kept in the recording.
   * @param name unique in its scenario
   * @param ready asks again, for at most half a minute, until an answer passes: what was changed a moment
   * ago may not be seen at once
   */
  readonly probe: (
    name: string,
    request: Request,
    ready?: (answer: RawAnswer) => boolean,
  ) => Promise<RawAnswer>;
}

/** Calls that belong together, in their order; what they answer is one recording. */
export interface Scenario {
  /** Of the recording, and of the bucket. */
  readonly name: string;
  readonly hasBucket?: boolean;
  readonly run: (world: World) => Promise<void>;
}

type Options = Omit<Request, 'service' | 'method' | 'path'>;

/** Requests to S3, at a bucket unless another is named; a path is as it goes over the wire. */
export function s3Of(bucket: string | undefined) {
  const by =
    (method: string) =>
    (path = '', options: Options = {}): Request => ({
      ...{ service: 's3', method, bucket, path: `/${path}`, ...options },
    });
  return {
    get: by('GET'),
    put: by('PUT'),
    post: by('POST'),
    head: by('HEAD'),
    delete: by('DELETE'),
    options: by('OPTIONS'),
  };
}

/** A call of the query protocol: IAM's and STS's. */
export function queryCall(
  service: Asked,
  version: string,
  action: string,
  input: Readonly<Record<string, string>> = {},
): Request {
  const body = new URLSearchParams({ Action: action, Version: version, ...input }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { service, method: 'POST', headers, body };
}

/** A call of an AWS JSON protocol: CloudWatch's and that of its Logs. */
export function jsonCall(
  service: Asked,
  target: string,
  input: unknown,
  version: '1.0' | '1.1',
): Request {
  const type = `application/x-amz-json-${version}`;
  const headers = { 'content-type': type, 'x-amz-target': target };
  return { service, method: 'POST', headers, body: JSON.stringify(input) };
}

export const xml = (root: string, content: string, namespace = S3_NAMESPACE): string =>
  `<${root} xmlns="${namespace}">${content}</${root}>`;

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What an element of an XML answer holds. */
export function textOf({ text }: RawAnswer, element: string): string {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1];
  if (found === undefined) throw new Error(`There is no ${element} in ${text.slice(0, 300)}`);
  return found;
}
