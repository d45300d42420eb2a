import { createHash, createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startS3Proxy, type Fate } from '../support/s3Proxy.ts';
import { s3Error, startScriptedServer } from '../support/scriptedServer.ts';

let world: SandboxClients;
beforeAll(async () => (world = await startSandboxClients()));
afterAll(() => world.close());

const KEYS = [
  ...['plain', 'a b', 'a+b', '%2F', 'a//b', '/leading', './.', '../..', '🪣/é', 'e\u0301', 'a\nb'],
  ...['\u2028', "!'()*~-_.", '?tagging&x=y#z', 'a\\b', '\u0085', `k${'é'.repeat(511)}`],
];

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly hostname: string;
  readonly protocol: string;
  readonly port?: number;
}

/** Notes what a client sends from now on. */
function record(client: S3Client): Sent[] {
  const sent: Sent[] = [];
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request: HttpRequest & Sent, options?: object) => {
    sent.push(request);
    return handle(request, options);
  };
  return sent;
}

const ownOfEach = /^(authorization|x-amz-date|amz-sdk-invocation-id)$/;

function comparable({ method, path, query, headers, body }: Sent) {
  const rest = Object.entries(headers).filter(([name]) => !ownOfEach.test(name));
  return {
    ...{ method, path, query: { ...query }, body: body?.toString() },
    headers: Object.fromEntries(rest),
  };
}

/** The signature that smithy's own signer makes of what was sent. */
async function signatureOf(sent: Sent): Promise<string | undefined> {
  const { accessKeyId, secretAccessKey, region } = world.sandbox;
  const signer = new SignatureV4({
    ...{ service: 's3', region, credentials: { accessKeyId, secretAccessKey } },
    ...{ sha256: Sha256, uriEscapePath: false, applyChecksum: false },
  });
  const headers = Object.fromEntries(
    Object.entries(sent.headers).filter(([name]) => name !== 'authorization'),
  );
  const day = (sent.headers['x-amz-date'] ?? '').replace(
    /(....)(..)(..)T(..)(..)(..)Z/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const signed = await signer.sign({ ...sent, headers }, { signingDate: new Date(day) });
  return signed.headers['authorization'];
}

class Sha256 {
  readonly #hash;
  constructor(secret?: unknown) {
    this.#hash = secret ? createHmac('sha256', secret as Buffer) : createHash('sha256');
  }
  update(data: unknown): void {
    this.#hash.update(data as Buffer);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('It is made anew');
  }
}

describe('requests made without the SDK', () => {
  it('are what the SDK makes, for any key and any tags', async () => {
    const bucket = await world.bucket();
    const clients = world.clientsAt(world.sandbox.endpoint);
    const client = clients.s3();
    for (const Key of KEYS)
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: '' }));
    await putObjectTags(client, { bucket, key: 'plain', tags: [{ key: 'first', value: '' }] });
    await getObjectTags(client, { bucket, key: 'plain' });
    const sent = record(client);
    const sends = vi.spyOn(client, 'send');
    for (const key of KEYS) {
      const tags = [
        { key: 'with /=+-@:_. ', value: 'é'.repeat(250) },
        { key: 'é', value: '' },
      ];
      await putObjectTags(client, { bucket, key, tags });
      expect(await getObjectTags(client, { bucket, key })).toEqual(tags);
      expect(sends).not.toHaveBeenCalled();
      const lean = sent.splice(0);
      const TagSet = tags.map(tag => ({ Key: tag.key, Value: tag.value }));
      const address = { Bucket: bucket, Key: key };
      await client.send(new PutObjectTaggingCommand({ ...address, Tagging: { TagSet } }));
      await client.send(new GetObjectTaggingCommand(address));
      const bySdk = sent.splice(0);
      expect(lean.map(comparable)).toEqual(bySdk.map(comparable));
      for (const one of lean) expect(one.headers['authorization']).toBe(await signatureOf(one));
      sends.mockClear();
    }
  });

  it('carry the token of temporary credentials, and what is new of them', async () => {
    const server = await startScriptedServer((_, response) => answerTags(response));
    let session = 0;
    const clients = server.clients(() =>
      Promise.resolve({
        ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: `secret${session}` },
        ...{ sessionToken: `token${session++}`, expiration: new Date(Date.now() + 1000) },
      }),
    );
    for (let i = 0; i < 4; i++) await getObjectTags(clients.s3(), { bucket: 'bucket', key: 'k' });
    const tokens = server.requests.map(({ headers }) => headers['x-amz-security-token']);
    expect(new Set(tokens).size).toBeGreaterThan(1);
    for (const { headers } of server.requests) {
      expect(headers['authorization']).toContain('x-amz-security-token');
    }
  });

  it('are sent again by the SDK where they are not answered as they should be', async () => {
    const answers: ((response: ServerResponse) => void)[] = [];
    const server = await startScriptedServer((_, response) =>
      (answers.shift() ?? answerTags)(response),
    );
    const client = server.clients().s3();
    const read = () => getObjectTags(client, { bucket: 'bucket', key: 'k' });
    await read();
    answers.push(response => response.destroy());
    expect(await read()).toEqual(TAGS);
    answers.push(response => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Please sign in</html>');
    });
    expect(await read()).toEqual(TAGS);
    answers.push(response => response.writeHead(200).end('<Tagging><TagSet>'));
    expect(await read()).toEqual(TAGS);
    const denied = (response: ServerResponse) => s3Error(response, 403, 'AccessDenied');
    answers.push(denied, denied);
    await expect(read()).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 's3:GetObjectTagging',
    });
    expect(server.requests).toHaveLength(1 + 4 * 2);
  });

  it('leave it to the SDK for a while when S3 asks for less', async () => {
    const bucket = await world.bucket();
    let fate: Fate = 'pass';
    let requests = 0;
    const endpoint = await startS3Proxy(world.sandbox.endpoint, () => {
      requests += 1;
      const now = fate;
      fate = 'pass';
      return now;
    });
    const client = world.clientsAt(endpoint).s3();
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: '' }));
    for (let i = 0; i < 3; i++) await getObjectTags(client, { bucket, key: 'k' });
    fate = 'slowDown';
    await getObjectTags(client, { bucket, key: 'k' });
    const sends = vi.spyOn(client, 'send');
    await getObjectTags(client, { bucket, key: 'k' });
    expect(sends).toHaveBeenCalledTimes(1);
    expect(requests).toBe(1 + 3 + 2 + 1);
  });

  it('end with their signal', async () => {
    const held: ServerResponse[] = [];
    const controller = new AbortController();
    const server = await startScriptedServer((_, response) => {
      if (server.requests.length === 1) answerTags(response);
      else {
        held.push(response);
        controller.abort();
      }
    });
    const client = server.clients().s3();
    await getObjectTags(client, { bucket: 'bucket', key: 'k' });
    const read = getObjectTags(client, { bucket: 'bucket', key: 'k' }, controller);
    await expect(read).rejects.toMatchObject({ code: 'Cancelled' });
    expect(server.requests).toHaveLength(2);
  });
});

const TAGS = [{ key: 'a', value: 'b' }];

function answerTags(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end('<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>');
}
