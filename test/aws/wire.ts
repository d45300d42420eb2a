import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Readable } from 'node:stream';
import { settingsOf, type AwsClients } from '../../src/aws/clients.ts';
import type { Service } from '../../src/aws/connection/services.ts';
import { requestHandler } from '../../src/aws/requestHandler.ts';

export type Asked = Extract<
  Service,
  's3' | 's3_control' | 'sts' | 'iam' | 'lambda' | 'cloudwatch' | 'cloudwatch_logs'
>;
type Query = Readonly<Record<string, string | readonly string[]>>;

/** One HTTP request, as little wrapped as possible: answers are compared byte for byte. */
export interface Request {
  readonly service: Asked;
  readonly method?: string;
  /** Puts the bucket where the connection's address style wants it. */
  readonly bucket?: string;
  /** As it goes over the wire, behind the bucket. */
  readonly path?: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signing?: Signing;
}

/** What is unusual in a request's signature. */
export interface Signing {
  /** `none`: a request of nobody's. `url`: presigned, for so many seconds. */
  readonly by?: 'header' | 'none' | 'url';
  readonly expiresIn?: number;
  readonly date?: Date;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** What is added after signing. */
  readonly afterwards?: { readonly query?: Query; readonly headers?: Record<string, string> };
}

export interface RawAnswer {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

/** The name that a service is signed by, where it is another. */
const SIGNED_AS: Readonly<Partial<Record<Asked, string>>> = {
  s3_control: 's3',
  cloudwatch: 'monitoring',
  cloudwatch_logs: 'logs',
};

/** AWS's way to say: not now. */
const AGAIN = /SlowDown|ServiceUnavailable|Throttl|TooManyRequests|Rate exceeded|OperationAborted/;
const TRIES = 6;

export interface Wire {
  /** Sends a request; asks again where AWS is busy. @throws when the network fails */
  readonly send: (request: Request) => Promise<RawAnswer>;
  /** Where a service is, without a slash at its end. */
  readonly urlOf: (service: Asked, bucket?: string) => Promise<string>;
  readonly close: () => void;
}

/** Sends signed requests by a connection's own addresses, proxy and credentials. */
export function openWire(clients: AwsClients, region: string, signal?: AbortSignal): Wire {
  const handler = requestHandler(undefined, clients.config.proxyEnv);
  const urlOf = (service: Asked, bucket?: string) => addressOf(clients, region, service, bucket);
  const sendOnce = async (request: Request): Promise<RawAnswer> => {
    const signed = await sign(clients, region, await httpRequest(request, urlOf), request);
    const { response } = await handler.handle(signed, { abortSignal: signal });
    const body = await buffer(response.body as Readable);
    return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
  };
  return {
    urlOf,
    close: () => handler.destroy(),
    async send(request) {
      for (let tries = 1; ; tries++) {
        const answer = await sendOnce(request);
        if (tries === TRIES || answer.status < 400 || !AGAIN.test(answer.text)) return answer;
        await delay(500 * 2 ** tries, undefined, { signal });
      }
    },
  };
}

async function addressOf(
  clients: AwsClients,
  region: string,
  service: Asked,
  bucket?: string,
): Promise<string> {
  const own = settingsOf(clients.config).endpoints[service];
  if (own !== undefined) return own.replace(/\/$/, '') + (bucket === undefined ? '' : `/${bucket}`);
  const where = { Region: region, UseFIPS: false, UseDualStack: false };
  const { accountId: AccountId } = clients;
  const urls = {
    s3: () => clients.s3(region).config.endpointProvider({ ...where, Bucket: bucket }),
    s3_control: () =>
      clients.s3Control(region).config.endpointProvider({
        ...{ ...where, AccountId, RequiresAccountId: true },
      }),
    sts: () => clients.sts().config.endpointProvider({ ...where, UseGlobalEndpoint: false }),
    iam: () => clients.iam().config.endpointProvider(where),
    lambda: () => clients.lambda(region).config.endpointProvider(where),
    cloudwatch: () => clients.cloudWatch(region).config.endpointProvider(where),
    cloudwatch_logs: () => clients.logs(region).config.endpointProvider(where),
  };
  const { url } = await Promise.resolve(urls[service]());
  return url.href.replace(/\/$/, '');
}

async function httpRequest(request: Request, urlOf: Wire['urlOf']): Promise<HttpRequest> {
  const { service, method = 'GET', bucket, path = '/', query = {}, headers = {} } = request;
  const { body = '' } = request;
  const { protocol, hostname, port, host, pathname } = new URL(await urlOf(service, bucket));
  const length = Buffer.byteLength(body);
  return new HttpRequest({
    ...{ method, protocol, hostname, port: port === '' ? undefined : Number(port) },
    path: pathname.replace(/\/$/, '') + path,
    query: query as Record<string, string | string[]>,
    headers: {
      host,
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
      ...((length > 0 || /^P/.test(method)) && { 'content-length': length.toString() }),
      ...headers,
    },
    body: length > 0 ? body : undefined,
  });
}

async function sign(
  clients: AwsClients,
  region: string,
  unsigned: HttpRequest,
  { service, signing = {} }: Request,
): Promise<HttpRequest> {
  const { by = 'header', expiresIn = 60, date: signingDate, afterwards } = signing;
  const credentials = {
    ...(await clients.s3(region).config.credentials()),
    ...chosenKeys(signing),
  };
  const signer = new SignatureV4({
    credentials,
    region: signing.region ?? (service === 'iam' ? 'us-east-1' : region),
    service: SIGNED_AS[service] ?? service,
    sha256: Sha256,
    uriEscapePath: !/^s3/.test(service),
    applyChecksum: false,
  });
  if (by === 'url') {
    // The library would put the body's hash into the query.
    unsigned.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
    const hoistable = { expiresIn, signingDate, unhoistableHeaders: new Set(['x-amz-acl']) };
    const signed = await signer.presign(unsigned, hoistable);
    return added(signed, afterwards);
  }
  const options = { signingDate, unsignableHeaders: new Set(['content-length']) };
  const signed = by === 'none' ? unsigned : await signer.sign(unsigned, options);
  return added(signed, afterwards);
}

function chosenKeys({ accessKeyId, secretAccessKey }: Signing) {
  return {
    ...(accessKeyId !== undefined && { accessKeyId, sessionToken: undefined }),
    ...(secretAccessKey !== undefined && { secretAccessKey }),
  };
}

type Signed = Pick<
  HttpRequest,
  'method' | 'protocol' | 'hostname' | 'port' | 'path' | 'headers'
> & {
  readonly query?: HttpRequest['query'];
  readonly body?: unknown;
};

function added(request: Signed, more: Signing['afterwards']): HttpRequest {
  const { method, protocol, hostname, port, path, body } = request;
  return new HttpRequest({
    ...{ method, protocol, hostname, port, path, body },
    query: { ...request.query, ...(more?.query as HttpRequest['query']) },
    headers: { ...request.headers, ...more?.headers },
  });
}
