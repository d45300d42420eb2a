import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { deleteBatch } from '../../src/aws/deletion/deleteBatch.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import {
  listNewest,
  listVersions,
  listVersionsOf,
  type VersionSummary,
} from '../../src/aws/objects/versions/listVersions.ts';
import { restoreVersion } from '../../src/aws/objects/versions/restoreVersion.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { Pace } from '../../src/aws/pace.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const AWKWARD = [
  ...['a b', 'a+b', '%2F', 'a//b', '/lead', '.', '..', '🗺️', 'new\nline', 'sep\u2028', 'e\u0301'],
  'k'.repeat(1024),
];

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
});
beforeEach(async () => {
  bucket = await on.bucket();
  await keepVersions('Enabled');
});
afterAll(() => on.close());

const keepVersions = async (Status: 'Enabled' | 'Suspended') => {
  const VersioningConfiguration = { Status };
  const command = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration });
  await on.clients.s3().send(command);
};
const put = async (key: string, body: string, more: Partial<PutObjectCommandInput> = {}) => {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more });
  return (await on.clients.s3().send(command)).VersionId ?? 'null';
};
const remove = async (key: string) =>
  (await on.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))).VersionId ??
  'null';
const versionsOf = async (key: string) =>
  (await listVersionsOf(on.clients.s3(), { bucket, key })).entries;
const idsOf = (versions: readonly VersionSummary[]) => versions.map(({ versionId }) => versionId);
const read = async (key: string, versionId?: string) =>
  Buffer.from(
    await readObject(on.clients.s3(), { bucket, key, versionId, maxBytes: 1e6 }),
  ).toString();

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });

describe('a listing of versions', () => {
  it('has versions and markers of one second in the order in which they came', async () => {
    const ids = [await put('a', '1'), await remove('a'), await put('a', '22'), await remove('a')];
    ids.push(await put('a', '333'), await remove('a'));
    await put('a2', 'not this one');
    const versions = await versionsOf('a');
    expect(idsOf(versions)).toEqual(ids.toReversed());
    expect(versions.map(({ isDeleteMarker }) => isDeleteMarker)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(versions.map(({ isLatest }) => isLatest)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(versions.map(({ size }) => size)).toEqual([0, 3, 0, 2, 0, 1]);
  });

  it.each(AWKWARD)('finds the versions of %j page by page', async key => {
    const ids = [await put(key, '1'), await put(key, '2'), await put(key, '3')];
    await put(`${key}x`.slice(-1024), 'another');
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await listVersionsOf(on.clients.s3(), { bucket, key, pageSize: 2, token });
      found.push(...idsOf(page.entries));
      token = page.nextToken;
    } while (token !== undefined);
    expect(found).toEqual(ids.toReversed());
  });

  it('of a prefix has what is deleted there, each key once', async () => {
    for (const key of ['p/a', 'p/b', 'p/c', 'p/deep/x', 'p/gone/y']) await put(key, key);
    for (let count = 0; count < 7; count++) await put('p/b', String(count));
    await remove('p/c');
    await remove('p/gone/y');
    await put('other', 'other');
    const seen: [string, boolean][] = [];
    const prefixes: string[] = [];
    let token: string | undefined;
    do {
      const input = { bucket, prefix: 'p/', pageSize: 2, token };
      const page = await listNewest(on.clients.s3(), input);
      seen.push(...page.entries.map(one => [one.key, one.isDeleteMarker] as [string, boolean]));
      prefixes.push(...page.prefixes);
      token = page.nextToken;
    } while (token !== undefined);
    expect(seen).toEqual([
      ['p/a', false],
      ['p/b', false],
      ['p/c', true],
    ]);
    expect(prefixes).toEqual(['p/deep/', 'p/gone/']);
  });

  it('of a prefix gets past a key of many versions with one request', async () => {
    for (let count = 0; count < 30; count++) await put('a', String(count));
    await put('b', 'b');
    let requests = 0;
    const proxy = await startS3Proxy(on.sandbox.endpoint, ({ path }) => {
      requests += path.includes('versions') ? 1 : 0;
      return 'pass';
    });
    const clients = on.clientsAt(proxy);
    const page = await listNewest(clients.s3(), { bucket, prefix: '', pageSize: 2 });
    expect(page.entries.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(requests).toBe(2);
  });

  it('names the permission that is missing', async () => {
    const limited = await assumeNewRole(on, 'Lists', [allow('s3:ListBucket')]);
    await expect(listVersions(limited.s3(), { bucket, prefix: '' })).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 's3:ListBucketVersions',
    });
  });
});

describe('a restored version', () => {
  it.each(AWKWARD)('of %j is current again with all it had, and nothing is lost', async key => {
    const Tagging = 'team=a%20b';
    const Metadata = { owner: 'me' };
    const more = { Tagging, Metadata, ContentType: 'text/x-old', CacheControl: 'no-cache' };
    const old = await put(key, 'old', { ...more, StorageClass: 'STANDARD_IA' });
    const now = await put(key, 'new');
    await restoreVersion(on.clients, { bucket, key, versionId: old });
    const object = { Bucket: bucket, Key: key };
    expect(await read(key)).toBe('old');
    expect(await on.clients.s3().send(new HeadObjectCommand(object))).toMatchObject({
      ...{ Metadata, ContentType: 'text/x-old', CacheControl: 'no-cache' },
      StorageClass: 'STANDARD_IA',
    });
    const { TagSet } = await on.clients.s3().send(new GetObjectTaggingCommand(object));
    expect(TagSet).toEqual([{ Key: 'team', Value: 'a b' }]);
    expect(idsOf(await versionsOf(key)).slice(1)).toEqual([now, old]);
  });

  it('of a deleted object brings it back, in front of its marker', async () => {
    const old = await put('a', 'old');
    const marker = await remove('a');
    await restoreVersion(on.clients, { bucket, key: 'a', versionId: old });
    expect(await read('a')).toBe('old');
    expect(idsOf(await versionsOf('a')).slice(1)).toEqual([marker, old]);
  });

  it('that is the null version of a suspended bucket can be one too', async () => {
    await keepVersions('Suspended');
    expect(await put('a', 'null')).toBe('null');
    await keepVersions('Enabled');
    await put('a', 'new');
    await restoreVersion(on.clients, { bucket, key: 'a', versionId: 'null' });
    expect(await read('a')).toBe('null');
    expect(await versionsOf('a')).toHaveLength(3);
  });

  it('in parts, where it is big, keeps its tags and headers', async () => {
    const old = await put('big', 'x'.repeat(6_000_000), { Tagging: 'a=1', ContentType: 'x/y' });
    await put('big', 'new', { Tagging: 'b=2' });
    const route = await openRoute(on.clients, bucket, bucket);
    const maxCopyBytes = 5_500_000;
    const input = { from: 'big', fromVersion: old, to: 'big', over: 'anything' };
    await copyObject(route, input, { maxCopyBytes });
    const object = { Bucket: bucket, Key: 'big' };
    const { TagSet } = await on.clients.s3().send(new GetObjectTaggingCommand(object));
    expect(TagSet).toEqual([{ Key: 'a', Value: '1' }]);
    const head = await on.clients.s3().send(new HeadObjectCommand(object));
    expect(head).toMatchObject({ ContentLength: 6_000_000, ContentType: 'x/y' });
  });

  it('is not written over what another client wrote meanwhile', async () => {
    const old = await put('a', 'old');
    await put('a', 'new');
    let isFirst = true;
    const proxy = await startS3Proxy(on.sandbox.endpoint, async ({ method, headers }) => {
      if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined && isFirst) {
        isFirst = false;
        await put('a', 'of another');
      }
      return 'pass' as const;
    });
    const clients = on.clientsAt(proxy);
    await expect(
      restoreVersion(clients, { bucket, key: 'a', versionId: old }),
    ).rejects.toMatchObject({ code: 'Conflict', reason: 'Changed' });
    expect(await read('a')).toBe('of another');
  });
});

describe('versions deleted for good', () => {
  const refusalsOf = async (
    clients: AwsClients,
    versions: readonly { readonly key: string; readonly versionId: string }[],
  ) => {
    const items = versions.map(version => ({ bucket, ...version }));
    const pace = new Pace({ most: 1 });
    return (await deleteBatch(clients.s3(), { bucket, items }, { pace })).failed;
  };

  it.each(AWKWARD)('of %j leave the others', async key => {
    const ids = [await put(key, '1'), await put(key, '2'), await put(key, '3')];
    const versions = [{ key, versionId: ids[1]! }];
    expect(await refusalsOf(on.clients, versions)).toEqual([]);
    expect(idsOf(await versionsOf(key))).toEqual([ids[2], ids[0]]);
  });

  it('that are delete markers bring the object back', async () => {
    await put('a', 'there');
    const versions = [{ key: 'a', versionId: await remove('a') }];
    await refusalsOf(on.clients, versions);
    expect(await read('a')).toBe('there');
  });

  it('name each that S3 refused, and why', async () => {
    const versions = [{ key: 'a', versionId: await put('a', '1') }];
    const limited = await assumeNewRole(on, 'Deletes', [allow('s3:DeleteObject')]);
    const [refusal] = await refusalsOf(limited, versions);
    expect(refusal).toMatchObject({ item: { key: 'a' }, error: { code: 'AccessDenied' } });
    expect(await read('a')).toBe('1');
  });

  it.each([
    ['Access Denied because object protected by object lock.', 'ObjectLock'],
    ['Mfa Authentication must be used for this request', 'MfaDelete'],
  ])('say what “%s” means', async (message, reason) => {
    const versions = [{ key: 'a', versionId: await put('a', '1') }];
    const answer = `<?xml version="1.0"?><DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Error><Key>a</Key><VersionId>${versions[0]!.versionId}</VersionId><Code>AccessDenied</Code><Message>${message}</Message></Error></DeleteResult>`;
    const server = await startScriptedServer((_, response) => response.end(answer));
    const [refusal] = await refusalsOf(server.clients(), versions);
    expect(refusal?.error).toMatchObject({ code: 'AccessDenied', reason });
  });
});
