import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import { saveObject } from '../../src/aws/objects/rewrite/saveObject.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startS3Proxy, type Fate, type PassedRequest } from '../support/s3Proxy.ts';
import { describeError, useErrorTexts } from '../../src/vscode/describeError.ts';
import { describeReason } from '../../src/vscode/describeReason.ts';
import { problemText } from '../../src/vscode/problemTexts.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import {
  s3Error,
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../support/scriptedServer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FULL = {
  StorageClass: 'STANDARD_IA',
  CacheControl: 'max-age=60',
  ContentDisposition: 'attachment; filename="a b.txt"',
  ContentEncoding: 'identity',
  ContentLanguage: 'de, en',
  ContentType: 'text/x-own; charset=utf-8',
  Expires: new Date('2031-01-02T03:04:05Z'),
  WebsiteRedirectLocation: '/elsewhere.html',
  ChecksumAlgorithm: 'SHA256',
  Metadata: { owner: 'ana', name: '=?UTF-8?B?w7xuw69jw7ZkZQ==?=' },
  Tagging: 'phototype=finished&a%20b=c%2Bd&%C3%BC=%E6%97%A5',
} as const satisfies Partial<PutObjectCommandInput>;

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
  bucket = await on.bucket();
});
afterAll(() => on.close());

async function put(key: string, more: Partial<PutObjectCommandInput> = {}): Promise<string> {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'old', ...more });
  return (await on.clients.s3().send(command)).ETag?.replaceAll('"', '') ?? '';
}

async function factsOf(key: string) {
  const at = { Bucket: bucket, Key: key };
  const s3 = on.clients.s3();
  const head = await s3.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }));
  const { TagSet } = await s3.send(new GetObjectTaggingCommand(at));
  const { Body } = await s3.send(new GetObjectCommand(at));
  return { head, tags: TagSet, body: await Body?.transformToString() };
}

describe('a save', () => {
  it('keeps all that PutObject sets back', async () => {
    const over = await put('full', FULL);
    const before = await factsOf('full');
    await saveObject(on.clients.s3(), { bucket, key: 'full', body: bytes('new'), over });
    const after = await factsOf('full');
    expect(after.body).toBe('new');
    expect(after.tags).toEqual(before.tags);
    expect(after.head.ChecksumSHA256).toBeDefined();
    const asked = ['ETag', 'LastModified', 'ContentLength', 'ChecksumSHA256', '$metadata'];
    const rest = (head: object) =>
      Object.fromEntries(Object.entries(head).filter(([name]) => !asked.includes(name)));
    expect(rest(after.head)).toEqual(rest(before.head));
    expect(after.head).toMatchObject({ StorageClass: 'STANDARD_IA', TagCount: 3 });
  });

  it.each(['0', 'tomorrow', 'Thu, 01 Dec 1994 16:00:00 +0100'])(
    'keeps Expires as it is written: %s',
    async expires => {
      const command = new PutObjectCommand({ Bucket: bucket, Key: 'expires', Body: 'old' });
      command.middlewareStack.add(
        next => args => {
          (args.request as { headers: Record<string, string> }).headers['expires'] = expires;
          return next(args);
        },
        { step: 'build' },
      );
      const over = (await on.clients.s3().send(command)).ETag?.replaceAll('"', '');
      await saveObject(on.clients.s3(), { bucket, key: 'expires', body: bytes('new'), over });
      expect((await factsOf('expires')).head.ExpiresString).toBe(expires);
    },
  );

  it('gives a new object the type of its name and never overwrites one', async () => {
    await saveObject(on.clients.s3(), { bucket, key: 'new.css', body: bytes('a') });
    expect((await factsOf('new.css')).head.ContentType).toBe('text/css');
    const again = saveObject(on.clients.s3(), { bucket, key: 'new.css', body: bytes('b') });
    await expect(again).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('by someone who may not read tags is refused with the permission, and changes nothing', async () => {
    const over = await put('tagged', { Tagging: 'a=b' });
    const role = await restricted('no-tags', ['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    const saved = saveObject(role.s3(), { bucket, key: 'tagged', body: bytes('new'), over });
    await expect(saved).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 's3:GetObjectTagging',
      subject: `s3://${bucket}/tagged`,
    });
    expect(await factsOf('tagged')).toMatchObject({
      body: 'old',
      tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  it('by someone who may read tags but not write them is refused, and changes nothing', async () => {
    const over = await put('fixed', { Tagging: 'a=b' });
    const may = ['s3:GetObject', 's3:PutObject', 's3:GetObjectTagging'];
    const role = await restricted('no-tagging', may);
    const saved = saveObject(role.s3(), { bucket, key: 'fixed', body: bytes('new'), over });
    await expect(saved).rejects.toMatchObject({ action: 's3:PutObjectTagging' });
    expect(await factsOf('fixed')).toMatchObject({ body: 'old' });
  });
});

async function restricted(name: string, actions: readonly string[]): Promise<AwsClients> {
  const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  // Without it there might be an ACL that a save would lose.
  const Action = ['s3:GetBucketOwnershipControls', ...actions];
  return await assumeNewRole(on, name, [{ Effect: 'Allow', Action, Resource: resources }]);
}

describe('another writer', () => {
  const through = async (hook: (request: PassedRequest) => Fate | Promise<Fate>) =>
    on.clientsAt(await startS3Proxy(on.sandbox.endpoint, hook)).s3();
  const countOf = async (key: string): Promise<number> => {
    let count = 0;
    const over = await put(key, { Tagging: 'a=b' });
    const client = await through(() => (count++, 'pass'));
    await saveObject(client, { bucket, key, body: bytes('new'), over });
    return count;
  };

  it('is never overwritten, whenever it writes', async () => {
    const requests = await countOf('count');
    expect(requests).toBeGreaterThan(2);
    for (let at = 1; at <= requests; at++) {
      const key = `theirs-${at}`;
      const over = await put(key, { Tagging: 'a=b' });
      const client = await through(async ({ number }): Promise<Fate> => {
        if (number === at) await put(key, { Body: 'theirs' });
        return 'pass';
      });
      const saved = saveObject(client, { bucket, key, body: bytes('ours'), over });
      await expect(saved, `before request ${at}`).rejects.toMatchObject({ code: 'Conflict' });
      expect((await factsOf(key)).body).toBe('theirs');
    }
  });

  it('that only tags is kept until the tags are read', async () => {
    const over = await put('retagged', { Tagging: 'a=b' });
    const client = await through(async ({ number }): Promise<Fate> => {
      if (number === 1) {
        const Tagging = { TagSet: [{ Key: 'theirs', Value: '1' }] };
        const command = new PutObjectTaggingCommand({ Bucket: bucket, Key: 'retagged', Tagging });
        await on.clients.s3().send(command);
      }
      return 'pass';
    });
    await saveObject(client, { bucket, key: 'retagged', body: bytes('new'), over });
    expect((await factsOf('retagged')).tags).toEqual([{ Key: 'theirs', Value: '1' }]);
  });

  it('is told apart from our own write whose answer was lost', async () => {
    const over = await put('lost', FULL);
    let lost = 0;
    const client = await through(({ method }) =>
      method === 'PUT' && lost++ === 0 ? 'loseAnswer' : 'pass',
    );
    await saveObject(client, { bucket, key: 'lost', body: bytes('ours'), over });
    expect(lost).toBe(2);
    expect((await factsOf('lost')).body).toBe('ours');
    lost = 0;
    await saveObject(client, { bucket, key: 'lost-new', body: bytes('ours') });
    expect(Buffer.from(await readObject(client, { bucket, key: 'lost-new', maxBytes: 9 }))).toEqual(
      Buffer.from('ours'),
    );
  });
});

/** What S3 has and the sandbox has not. */
describe('on a bucket with all that S3 has, a save', () => {
  const until = '2999-01-01T00:00:00.000Z';
  const base: Record<string, string> = { etag: '"old"', 'content-length': '3' };
  const answers = new Map<string, readonly [status: number, body: string]>();

  function script(head: Record<string, string>, onPut?: (n: number) => number) {
    let puts = 0;
    return startScriptedServer(({ method, url }: ScriptedRequest, response) => {
      if (method === 'HEAD') return void response.writeHead(200, { ...base, ...head }).end();
      if (method === 'PUT') {
        const status = onPut?.(++puts) ?? 200;
        if (status === 409) {
          s3Error(response, 409, 'ConditionalRequestConflict');
          return;
        }
        if (status === 501) {
          s3Error(response, 501, 'NotImplemented');
          return;
        }
        return void response.writeHead(200, { etag: '"new"' }).end();
      }
      const question = [...url.searchParams.keys()].find(name => answers.has(name)) ?? '';
      const [status, body] = answers.get(question) ?? [501, 'NotImplemented'];
      if (status !== 200) {
        s3Error(response, status, body);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/xml' }).end(body);
    });
  }
  const save = (server: ScriptedServer) =>
    saveObject(server.clients().s3(), {
      bucket: 'photos',
      key: 'a.txt',
      body: bytes('new'),
      over: 'old',
    });
  const putOf = ({ requests }: ScriptedServer) => requests.find(({ method }) => method === 'PUT');

  beforeAll(() => {
    answers.set('tagging', [200, '<Tagging><TagSet></TagSet></Tagging>']);
    answers.set('ownershipControls', [404, 'OwnershipControlsNotFoundError']);
    answers.set('object-lock', [403, 'AccessDenied']);
    answers.set('retention', [
      200,
      `<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`,
    ]);
    answers.set('legal-hold', [200, '<LegalHold><Status>ON</Status></LegalHold>']);
    const grantee = (inner: string, type: string) =>
      `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${inner}</Grantee>`;
    const grant = (inner: string, permission: string, type = 'CanonicalUser') =>
      `<Grant>${grantee(inner, type)}<Permission>${permission}</Permission></Grant>`;
    answers.set('acl', [
      200,
      `<AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList>${grant(
        '<ID>me</ID>',
        'FULL_CONTROL',
      )}${grant('<ID>you</ID>', 'READ')}${grant(
        '<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>',
        'READ',
        'Group',
      )}</AccessControlList></AccessControlPolicy>`,
    ]);
  });

  it('keeps its key, its lock, its hold and its access list', async () => {
    const server = await script({
      'x-amz-version-id': 'v1',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:us-east-1:1:key/k',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      'x-amz-meta-city': Buffer.from('Zürich 日').toString('latin1'),
    });
    await save(server);
    expect(putOf(server)?.headers).toMatchObject({
      'if-match': '"old"',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:us-east-1:1:key/k',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-object-lock-retain-until-date': until.replace('.000', ''),
      'x-amz-object-lock-legal-hold': 'ON',
      'x-amz-grant-full-control': 'id="me"',
      'x-amz-grant-read': 'id="you", uri="http://acs.amazonaws.com/groups/global/AllUsers"',
      'x-amz-meta-city': Buffer.from('Zürich 日').toString('latin1'),
    });
  });

  it('leaves an object without a bucket key without one', async () => {
    const server = await script({ 'x-amz-server-side-encryption': 'aws:kms' });
    await save(server);
    const name = 'x-amz-server-side-encryption-bucket-key-enabled';
    expect(putOf(server)?.headers[name]).toBe('false');
  });

  it.each([
    ['retention', 's3:GetObjectRetention'],
    ['legal-hold', 's3:GetObjectLegalHold'],
    ['acl', 's3:GetObjectAcl'],
    ['tagging', 's3:GetObjectTagging'],
  ])('is refused where its %s may not be read', async (name, action) => {
    const before = answers.get(name);
    answers.set(name, [403, 'AccessDenied']);
    try {
      const server = await script({ 'x-amz-version-id': 'v1' });
      await expect(save(server)).rejects.toMatchObject({ code: 'AccessDenied', action });
      expect(putOf(server)).toBeUndefined();
    } finally {
      if (before) answers.set(name, before);
    }
  });

  it('names both permissions where neither the bucket nor the object tells of lists', async () => {
    const before = ['acl', 'ownershipControls'].map(name => [name, answers.get(name)] as const);
    for (const [name] of before) answers.set(name, [403, 'AccessDenied']);
    try {
      const server = await script({});
      useErrorTexts({ problem: problemText, reason: describeReason });
      const error = await save(server).catch((thrown: unknown) => thrown);
      expect(describeError(error)).toMatch(
        /may have an access control list.*s3:GetObjectAcl, or s3:GetBucketOwnershipControls/,
      );
      expect(putOf(server)).toBeUndefined();
    } finally {
      for (const [name, answer] of before) if (answer) answers.set(name, answer);
    }
  });

  it.each([
    ['Archived', { 'x-amz-storage-class': 'GLACIER' }],
    ['Archived', { 'x-amz-archive-status': 'ARCHIVE_ACCESS' }],
    ['CustomerKey', { 'x-amz-server-side-encryption-customer-algorithm': 'AES256' }],
    ['HiddenMetadata', { 'x-amz-missing-meta': '1' }],
    ['HiddenMetadata', { 'x-amz-meta-a': 'caf\u00e9' }],
    ['Checksum', { 'x-amz-checksum-xxhash3': 'AAAAAAAAAAA=' }],
  ])('is refused for %s', async (reason, head) => {
    const server = await script(head);
    await expect(save(server)).rejects.toMatchObject({ code: 'InvalidInput', reason });
    expect(putOf(server)).toBeUndefined();
  });

  it('keeps the class of an object that is restored for now', async () => {
    const restore = 'ongoing-request="false", expiry-date="Fri, 21 Dec 2031 00:00:00 GMT"';
    const server = await script({ 'x-amz-storage-class': 'GLACIER', 'x-amz-restore': restore });
    await save(server);
    expect(putOf(server)?.headers['x-amz-storage-class']).toBe('GLACIER');
  });

  it('is sent again while another write is under way', async () => {
    const server = await script({}, count => (count < 3 ? 409 : 200));
    await expect(save(server)).resolves.toMatchObject({ eTag: 'new' });
  });

  it('is refused by a service without conditional writes, and not sent without one', async () => {
    const server = await script({}, () => 501);
    await expect(save(server)).rejects.toMatchObject({ reason: 'NoConditions' });
    const puts = server.requests.filter(({ method }) => method === 'PUT');
    expect(puts.every(({ headers }) => headers['if-match'] === '"old"')).toBe(true);
  });
});
