import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BigBucketOptions {
  /** Objects in the bucket. */
  readonly count: number;
  /** Keys in S3's order; 16 digits by default. */
  readonly keyOf?: (index: number) => string;
  /** Runs before each answer; what it answers instead is sent. */
  readonly before?: (request: BigRequest) => Promise<Instead | undefined> | Instead | undefined;
}

export interface BigRequest {
  readonly operation: string;
  readonly query: URLSearchParams;
  /** From 1 on. */
  readonly number: number;
}

export type Instead = 'cut' | 'slowDown';

/** An object in parts: their bodies by number. */
export interface BigUpload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

/**
 * A server that lists a bucket of any size as fast as it can write, its keys being computed, and takes
 * objects in parts. It knows no signatures.
 */
export class BigBucket implements AsyncDisposable {
  readonly uploads = new Map<string, BigUpload>();
  readonly objects = new Map<string, Buffer>();
  readonly requests: string[] = [];
  /** Keys that DeleteObjects was asked for; they are listed all the same. */
  deleted = 0;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });
  readonly #options: BigBucketOptions;
  #number = 0;

  constructor(options: BigBucketOptions) {
    this.#options = options;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  keyOf(index: number): string {
    return this.#options.keyOf?.(index) ?? index.toString().padStart(16, '0');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const operation = operationOf(incoming.method ?? '', url.searchParams);
    this.requests.push(operation);
    this.#number += 1;
    const request = { operation, query: url.searchParams, number: this.#number };
    const instead = await this.#options.before?.(request);
    response.setHeader('x-amz-request-id', 'BIG');
    if (instead === 'cut') incoming.socket.destroy();
    else if (instead === 'slowDown') error(response, 503, 'SlowDown');
    else this.#run(operation, url, Buffer.concat(chunks), response);
  }

  #run(operation: string, url: URL, body: Buffer, response: ServerResponse): void {
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const id = url.searchParams.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    switch (operation) {
      case 'List':
      case 'Probe':
        xml(response, this.#list(url.searchParams));
        return;
      case 'Delete': {
        const keys = [...body.toString().matchAll(/<Key>([^<]*)</g)].map(found => found[1]!);
        this.deleted += keys.length;
        const rows = keys.map(each => `<Deleted><Key>${each}</Key></Deleted>`);
        xml(response, `<DeleteResult>${rows.join('')}</DeleteResult>`);
        return;
      }
      case 'Uploads':
        xml(response, this.#listUploads());
        return;
      case 'Create': {
        const made = `upload-${this.#number}`;
        this.uploads.set(made, { key, parts: new Map() });
        xml(
          response,
          `<InitiateMultipartUploadResult><Bucket>big</Bucket><Key>${key}</Key><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`,
        );
        return;
      }
      case 'Head': {
        const object = this.objects.get(key);
        if (!object) response.writeHead(404).end();
        else response.writeHead(200, { etag: this.#eTags.get(key), ...dated }).end();
        return;
      }
    }
    if (!upload) error(response, 404, 'NoSuchUpload');
    else this.#change(operation, { id, upload, body, part: url.searchParams }, response);
  }

  readonly #eTags = new Map<string, string>();

  #change(
    operation: string,
    {
      id,
      upload,
      body,
      part,
    }: { id: string; upload: BigUpload; body: Buffer; part: URLSearchParams },
    response: ServerResponse,
  ): void {
    if (operation === 'Abort') {
      this.uploads.delete(id);
      response.writeHead(204).end();
    } else if (operation === 'Part') {
      upload.parts.set(Number(part.get('partNumber')), body);
      response.writeHead(200, { etag: `"${md5(body)}"` }).end();
    } else {
      const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map(found => +found[1]!);
      const parts = numbers.map(number => upload.parts.get(number)!);
      const eTag = `"${md5(Buffer.concat(parts.map(each => Buffer.from(md5(each), 'hex'))))}-${parts.length}"`;
      this.objects.set(upload.key, Buffer.concat(parts));
      this.#eTags.set(upload.key, eTag);
      this.uploads.delete(id);
      xml(
        response,
        `<CompleteMultipartUploadResult><Bucket>big</Bucket><Key>${upload.key}</Key><ETag>${eTag}</ETag></CompleteMultipartUploadResult>`,
      );
    }
  }

  #list(query: URLSearchParams): string {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('start-after') ?? '';
    const most = Number(query.get('max-keys') ?? 1000);
    const rows: string[] = [];
    let index = this.#firstBehind(after > prefix ? after : '', prefix);
    for (; index < this.#options.count && rows.length < most; index++) {
      const key = this.keyOf(index);
      if (!key.startsWith(prefix)) break;
      rows.push(
        `<Contents><Key>${encodeURIComponent(key).replaceAll('%2F', '/')}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;0cc175b9c0f1b6a831c399e269772661&quot;</ETag><Size>${index}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
    }
    const more = index < this.#options.count && this.keyOf(index).startsWith(prefix);
    return `<ListBucketResult><Name>big</Name><Prefix>${encodeURIComponent(prefix)}</Prefix><KeyCount>${rows.length}</KeyCount><MaxKeys>${most}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${rows.join('')}</ListBucketResult>`;
  }

  /** The first key behind `after` and not before `prefix`, found by halves. */
  #firstBehind(after: string, prefix: string): number {
    let [low, high] = [0, this.#options.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.keyOf(middle);
      if (key <= after || key < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #listUploads(): string {
    const uploads = [...this.uploads].map(
      ([id, { key }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${new Date().toISOString()}</Initiated></Upload>`,
    );
    return `<ListMultipartUploadsResult><Bucket>big</Bucket>${uploads.join('')}</ListMultipartUploadsResult>`;
  }
}

const dated = { 'last-modified': new Date(0).toUTCString(), 'content-length': '0' };

function operationOf(method: string, query: URLSearchParams): string {
  if (method === 'HEAD') return 'Head';
  if (method === 'POST' && query.has('delete')) return 'Delete';
  if (method === 'POST') return query.has('uploads') ? 'Create' : 'Complete';
  if (method === 'PUT') return 'Part';
  if (method === 'DELETE') return 'Abort';
  if (query.has('uploads')) return 'Uploads';
  return query.get('max-keys') === '1' ? 'Probe' : 'List';
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

function xml(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
}

function error(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    );
}
