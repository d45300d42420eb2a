import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBucket } from '../../src/aws/buckets/newBucket.ts';
import { bucketLocks } from '../../src/aws/buckets/bucketLocks.ts';
import { countForDeletion } from '../../src/aws/deletion/countForDeletion.ts';
import { deleteObjects } from '../../src/aws/deletion/deleteObjects.ts';
import { emptyBucket, everythingIn } from '../../src/aws/deletion/emptyBucket.ts';
import { bucketVersioning } from '../../src/aws/objects/objectVersions.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { Pace } from '../../src/aws/pace.ts';
import { BigBucket } from '../support/bigBucket.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { s3Error, startScriptedServer } from '../support/scriptedServer.ts';
import { sessionAt } from '../support/workerWorld.ts';
import { temporaryFolder } from './tagWorld.ts';

let on: SandboxClients;
beforeAll(async () => {
  on = await startSandboxClients();
});
afterAll(() => on.close());

const AWKWARD = [
  'a b',
  '+',
  '%2F',
  '//',
  '/lead',
  '.',
  '..',
  '😀',
  'line\nfeed',
  '\u0001',
  '\u2028',
];

/** A bucket with two versions of each key, a delete marker and an upload. */
async function fullBucket(): Promise<string> {
  const Bucket = await on.bucket();
  const s3 = on.clients.s3();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  for (const body of ['1', '22']) {
    for (const key of AWKWARD) await writeObject(s3, { bucket: Bucket, key, body });
  }
  await s3.send(new DeleteObjectCommand({ Bucket, Key: '.' }));
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a b+%2F' }));
  return Bucket;
}

async function isGone(Bucket: string): Promise<boolean> {
  return await on.clients
    .s3()
    .send(new HeadBucketCommand({ Bucket }))
    .then(
      () => false,
      () => true,
    );
}

describe('emptying a bucket', () => {
  it('counts all that is in it, and deletes it with the bucket', async () => {
    const bucket = await fullBucket();
    const input = { selections: [await everythingIn(on.clients, bucket)], uploadsOf: bucket };
    const keys = AWKWARD.length;
    expect(await countForDeletion(on.clients, input)).toMatchObject({
      ...{ objects: keys - 1, versions: keys + 1, markers: 1, bytes: 3 * keys, uploads: 1 },
    });
    const folder = await temporaryFolder();
    const result = await emptyBucket(on.clients, { bucket, deletesBucket: true, folder });
    expect(result).toMatchObject({
      ...{ deleted: 2 * keys + 1, uploads: 1, failed: 0 },
      ...{ bucketDeleted: true, cancelled: false, refilled: false },
    });
    expect(await isGone(bucket)).toBe(true);
  });

  it('leaves the bucket where only what is in it was meant', async () => {
    const bucket = await fullBucket();
    const folder = await temporaryFolder();
    const result = await emptyBucket(on.clients, { bucket, deletesBucket: false, folder });
    expect(result).toMatchObject({ failed: 0, bucketDeleted: false, refilled: false });
    const { Uploads = [] } = await on.clients
      .s3()
      .send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
    expect(await isGone(bucket)).toBe(false);
  });

  it('says so when someone writes to it all the time', async () => {
    const bucket = await fullBucket();
    const endpoint = await startS3Proxy(on.sandbox.endpoint, async ({ method, path }) => {
      if (method === 'DELETE' && path.startsWith(`/${bucket}`) && !path.includes('uploadId')) {
        await writeObject(on.clients.s3(), { bucket, key: 'new', body: 'x' });
      }
      return 'pass' as const;
    });
    const folder = await temporaryFolder();
    const input = { bucket, deletesBucket: true, folder };
    const result = await emptyBucket(on.clientsAt(endpoint), input);
    expect(result).toMatchObject({ refilled: true, bucketDeleted: false, failed: 0 });
    // Nobody writes any more.
    expect(await emptyBucket(on.clients, input)).toMatchObject({ bucketDeleted: true });
  });

  it('called off, says what it has deleted, and goes on when called again', async () => {
    const bucket = await fullBucket();
    const stop = new AbortController();
    const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ method, path }) => {
      if (method === 'POST' && path.includes('delete')) stop.abort();
      return 'pass';
    });
    const input = { bucket, deletesBucket: true, folder: await temporaryFolder() };
    const { signal } = stop;
    const result = await emptyBucket(on.clientsAt(endpoint), input, { signal });
    expect(result).toMatchObject({ cancelled: true, bucketDeleted: false });
    const left = await on.clients.s3().send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const versions = [...(left.Versions ?? []), ...(left.DeleteMarkers ?? [])].length;
    expect(result.deleted + versions).toBe(2 * AWKWARD.length + 1);
    expect(await emptyBucket(on.clients, input)).toMatchObject({ bucketDeleted: true });
  });

  it('names versions that Object Lock keeps, and leaves the bucket', async () => {
    let locked = true;
    const server = await startScriptedServer((request, response) => {
      const { searchParams } = request.url;
      if (searchParams.has('uploads')) {
        response.end(
          '<ListMultipartUploadsResult><Bucket>b-b</Bucket></ListMultipartUploadsResult>',
        );
      } else if (searchParams.has('versions')) {
        const row = (version: string): string =>
          `<Version><Key>k</Key><VersionId>${version}</VersionId><IsLatest>false</IsLatest><Size>1</Size></Version>`;
        response.end(
          `<ListVersionsResult><Name>b-b</Name><IsTruncated>false</IsTruncated>${row('kept')}${locked ? row('free') : ''}</ListVersionsResult>`,
        );
      } else if (searchParams.has('delete')) {
        const isThere = request.body.includes('free');
        locked = false;
        response.end(
          '<DeleteResult><Error><Key>k</Key><VersionId>kept</VersionId><Code>AccessDenied</Code><Message>Access Denied because object protected by object lock.</Message></Error>' +
            `${isThere ? '<Deleted><Key>k</Key><VersionId>free</VersionId></Deleted>' : ''}</DeleteResult>`,
        );
      } else s3Error(response, 409, 'BucketNotEmpty');
    });
    const folder = await temporaryFolder();
    const input = { bucket: 'b-b', deletesBucket: true, folder };
    const result = await emptyBucket(server.clients(), input);
    expect(result).toMatchObject({ deleted: 1, failed: 1, bucketDeleted: false });
    expect(result.failures).toMatchObject([
      { key: 'k', versionId: 'kept', error: { code: 'AccessDenied', reason: 'ObjectLock' } },
    ]);
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});

describe('very much', () => {
  it('1,000,000 keys of one prefix are deleted in flat memory', { timeout: 240_000 }, async () => {
    await using big = await new BigBucket({ count: 1_000_000 }).start();
    const { clients } = sessionAt(big.endpoint);
    const saved = { checkpoint: () => undefined, save: () => Promise.resolve() };
    const input = {
      selections: [
        { kind: 'listing', bucket: 'big', prefixes: [''], filter: {}, versions: 'current' },
      ],
      ...{ makesMarkers: false, agreedAt: new Date().toISOString() },
      folder: await temporaryFolder(),
    } as const;
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const held = (): number => {
      collect();
      return process.memoryUsage().heapUsed / 1024 ** 2;
    };
    const before = held();
    let [most, next] = [0, 0];
    const onProgress = ({ deleted }: { deleted: number }): void => {
      if (deleted < next) return;
      next += 200_000;
      most = Math.max(most, held() - before);
    };
    const result = await deleteObjects(clients, input, saved, { onProgress });
    expect(result).toMatchObject({ listed: 1_000_000, deleted: 1_000_000, failed: 0 });
    expect(big.deleted).toBe(1_000_000);
    // Sixteen pages that wait, and eight requests under way.
    expect(most).toBeLessThan(100);
    clients.destroy();
  });

  it('100,000 versions of one key are deleted', { timeout: 120_000 }, async () => {
    const COUNT = 100_000;
    const gone = new Set<number>();
    const server = await startScriptedServer((request, response) => {
      const { searchParams } = request.url;
      if (searchParams.has('uploads')) {
        response.end(
          '<ListMultipartUploadsResult><Bucket>b-b</Bucket></ListMultipartUploadsResult>',
        );
      } else if (searchParams.has('versions')) {
        const after = searchParams.get('version-id-marker');
        const rows: string[] = [];
        const isBehind = after === null && (searchParams.get('key-marker') ?? '') >= 'k';
        let at = isBehind ? COUNT : after === null ? 0 : Number(after.slice(1)) + 1;
        for (; at < COUNT && rows.length < 1000; at++) {
          if (gone.has(at)) continue;
          rows.push(
            `<Version><Key>k</Key><VersionId>v${at}</VersionId><IsLatest>${at === 0}</IsLatest><Size>1</Size></Version>`,
          );
        }
        const next =
          at < COUNT
            ? `<NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v${at - 1}</NextVersionIdMarker>`
            : '';
        response.end(
          `<ListVersionsResult><Name>b-b</Name><IsTruncated>${at < COUNT}</IsTruncated>${next}${rows.join('')}</ListVersionsResult>`,
        );
      } else if (searchParams.has('delete')) {
        const ids = [...request.body.matchAll(/<VersionId>v(\d+)</g)].map(found => found[1]!);
        for (const id of ids) gone.add(Number(id));
        const rows = ids.map(id => `<Deleted><Key>k</Key><VersionId>v${id}</VersionId></Deleted>`);
        response.end(`<DeleteResult>${rows.join('')}</DeleteResult>`);
      } else response.writeHead(204).end();
    });
    const folder = await temporaryFolder();
    const input = { bucket: 'b-b', deletesBucket: true, folder };
    const pace = new Pace({ most: 8 });
    const result = await emptyBucket(server.clients(), input, { pace });
    expect(result).toMatchObject({ deleted: COUNT, failed: 0, bucketDeleted: true });
    expect(gone.size).toBe(COUNT);
  });
});

describe('a new bucket', () => {
  const sandbox = () => on.clients;

  it('is made with versions if they are wanted', async () => {
    const input = { bucket: 'new-one', region: 'us-east-1', versioning: true };
    expect(await makeBucket(sandbox(), input)).toEqual({});
    const client = sandbox().s3();
    expect(await bucketVersioning(client, 'new-one')).toBe('Enabled');
    expect(await bucketLocks(client, 'new-one')).toEqual({ objectLock: false, mfaDelete: false });
  });

  it.each([
    ['us-east-1', ''],
    ['eu-central-1', '<LocationConstraint>eu-central-1</LocationConstraint>'],
  ])('is made in %s', async (region, constraint) => {
    const server = await startScriptedServer((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else response.writeHead(200, { location: '/x' }).end();
    });
    await makeBucket(server.clients(), { bucket: 'new-one', region, versioning: false });
    const put = server.requests.find(({ method }) => method === 'PUT');
    expect(put?.headers.authorization).toContain(`/${region}/s3/`);
    expect(put?.body).toContain(constraint);
    expect(put?.body.includes('LocationConstraint')).toBe(constraint !== '');
  });

  it('is never said to be made where it was there, in us-east-1 either', async () => {
    const input = { bucket: 'was-there', region: 'us-east-1', versioning: true };
    await makeBucket(sandbox(), { ...input, versioning: false });
    await expect(makeBucket(sandbox(), input)).rejects.toMatchObject({ reason: 'OwnBucket' });
    expect(await bucketVersioning(sandbox().s3(), 'was-there')).toBe('Off');
  });

  it('of a name that another account has is a Conflict', async () => {
    for (const code of ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou']) {
      const server = await startScriptedServer((request, response) => {
        if (request.method === 'HEAD') response.writeHead(404).end();
        else s3Error(response, 409, code);
      });
      const input = { bucket: 'taken', region: 'us-east-1', versioning: true };
      await expect(makeBucket(server.clients(), input)).rejects.toMatchObject({
        code: 'Conflict',
        reason: code === 'BucketAlreadyExists' ? 'TakenName' : 'OwnBucket',
      });
    }
  });

  it('is there when only its versioning could not be turned on', async () => {
    const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path }) =>
      path.includes('versioning') ? 'deny' : 'pass',
    );
    const input = { bucket: 'half-made', region: 'us-east-1', versioning: true };
    expect(await makeBucket(on.clientsAt(endpoint), input)).toMatchObject({
      versioningFailed: { code: 'AccessDenied', action: 's3:PutBucketVersioning' },
    });
    expect(await isGone('half-made')).toBe(false);
  });

  it('of the regional namespace asks for it', async () => {
    const server = await startScriptedServer((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else response.writeHead(200, { location: '/x' }).end();
    });
    const bucket = 'logs-123456789012-us-east-1-an';
    const input = { bucket, region: 'us-east-1', versioning: false, isRegional: true };
    await makeBucket(server.clients(), input);
    const put = server.requests.find(({ method }) => method === 'PUT');
    expect(put?.headers['x-amz-bucket-namespace']).toBe('account-regional');
  });
});
