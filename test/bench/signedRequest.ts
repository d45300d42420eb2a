import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { SignatureV4 } from '@smithy/signature-v4';

/** Where to send requests, and as whom. */
export interface Target {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface RequestParts {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Node's own SHA-256 in the shape that the signer asks for. */
class NativeSha256 {
  #hash: { update(data: Buffer): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Signs S3 requests (SigV4 in the header, the body's hash and CRC32 signed, as current SDKs do). */
export class RequestSigner {
  readonly #target: Target;
  readonly #signer: SignatureV4;

  constructor(target: Target) {
    this.#target = target;
    this.#signer = new SignatureV4({
      service: 's3',
      region: target.region,
      credentials: target,
      sha256: NativeSha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
  }

  /** The request as the bytes that go over the socket. A signature is valid for 15 minutes. */
  async sign(parts: RequestParts): Promise<Buffer> {
    const body = Buffer.from(parts.body ?? '');
    const url = new URL(this.#target.endpoint);
    const signed = await this.#signer.sign({
      method: parts.method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: parts.path,
      query: parts.query ?? {},
      headers: {
        host: url.host,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
        ...(parts.body === undefined ? {} : bodyHeaders(body)),
      },
    });
    const query = new URLSearchParams(parts.query).toString().replaceAll('+', '%20');
    const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `${parts.method} ${parts.path}${query && `?${query}`} HTTP/1.1\r\n`;
    return Buffer.concat([Buffer.from(`${head}${lines.join('')}\r\n`), body]);
  }
}

function bodyHeaders(body: Buffer): Record<string, string> {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return {
    'content-length': body.length.toString(),
    'x-amz-sdk-checksum-algorithm': 'CRC32',
    'x-amz-checksum-crc32': checksum.toString('base64'),
  };
}
