import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Sandbox } from '../../src/sandbox/server.ts';

export interface RawRequest {
  readonly method?: string;
  /** As it goes over the wire. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends exactly these bytes; nothing is signed. */
export function sendRaw(
  { endpoint }: Pick<Sandbox, 'endpoint'>,
  { method = 'GET', path = '/', headers = {}, body }: RawRequest,
): Promise<RawResponse> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, method, path, headers }, incoming => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface SigningOptions {
  readonly date?: Date;
  readonly region?: string;
  readonly service?: string;
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly sessionToken?: string;
}

/** The headers of a request signed by AWS's own library, which knows nothing of the sandbox. */
export async function signedHeaders(
  sandbox: Sandbox,
  { method = 'GET', path = '/', headers = {}, body = '' }: RawRequest,
  options: SigningOptions = {},
): Promise<Record<string, string>> {
  const { host } = new URL(sandbox.endpoint);
  const [pathname = '/', query = ''] = path.split('?');
  const service = options.service ?? 's3';
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: options.accessKeyId ?? sandbox.accessKeyId,
      secretAccessKey: options.secretAccessKey ?? sandbox.secretAccessKey,
      sessionToken: options.sessionToken,
    },
    region: options.region ?? 'us-east-1',
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: {
        host,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        ...headers,
      },
    },
    { signingDate: options.date },
  );
  return signed.headers;
}

/** Signs and sends. */
export async function sendSigned(
  sandbox: Sandbox,
  request: RawRequest,
  options: SigningOptions = {},
): Promise<RawResponse> {
  return sendRaw(sandbox, { ...request, headers: await signedHeaders(sandbox, request, options) });
}

/** The code in an error document. */
export function errorCode({ body }: RawResponse): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(body)?.[1];
}

/** A presigned URL made by AWS's own library, with further parameters in its query. */
export async function presignedUrl(
  sandbox: Sandbox,
  method: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { host } = new URL(sandbox.endpoint);
  const { accessKeyId, secretAccessKey } = sandbox;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: 'us-east-1',
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  // The library puts this one into the query too.
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const request = { method, protocol: 'http:', hostname: '127.0.0.1', path, headers };
  const signed = await signer.presign({ ...request, query }, { expiresIn: 60 });
  const search = Object.entries(signed.query ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const encoded = search.map(pair => pair.map(text => encodeURIComponent(text)).join('='));
  return `${sandbox.endpoint}${path}?${encoded.join('&')}`;
}
