import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { checkManifest } from '../../src/aws/manifestCheck/checkManifest.ts';
import { correctManifest } from '../../src/aws/manifestCheck/correctManifest.ts';
import { correctionPlan } from '../../src/aws/manifestCheck/correctionPlan.ts';
import type { Correction } from '../../src/aws/manifestCheck/corrections.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { s3Error, startScriptedServer } from '../support/scriptedServer.ts';

let sandbox: SandboxClients;
let bucket: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  bucket = await sandbox.bucket();
});
afterAll(() => sandbox.close());

const put = (key: string, body: string | Uint8Array = 'x', into = bucket) =>
  writeObject(sandbox.clients.s3(), { bucket: into, key, body });

async function check(body: string, asksObjects = false) {
  await put('m.csv', body);
  return checkManifest(sandbox.clients, {
    ...{ bucket, key: 'm.csv', asksObjects, maxProblems: 1000 },
  });
}

let made = 0;

/** Checks, corrects, and gives the text of the new manifest. */
async function correct(body: string, corrections: readonly Correction[], asks = false) {
  const checked = await check(body, asks);
  made += 1;
  const to = { bucket, key: `corrected-${made}.csv` };
  const plan = correctionPlan(checked, corrections);
  const result = await correctManifest(sandbox.clients, { manifest: checked, plan, to });
  const bytes = await readObject(sandbox.clients.s3(), { ...to, maxBytes: 1_000_000 });
  const text = Buffer.from(bytes).toString();
  return { ...result, text };
}

const kinds = ({ problems }: Awaited<ReturnType<typeof check>>) =>
  problems.map(({ kind, row }) => `${kind} ${row ?? '-'}`);

describe('checkManifest', () => {
  it('asks for each object only when it is told to', async () => {
    await put('a b.png');
    const body = `${bucket},a%20b.png\n${bucket},gone.png\n`;
    const without = await check(body);
    expect([kinds(without), without.asked]).toEqual([[], undefined]);
    const asked = await check(body, true);
    expect([kinds(asked), asked.asked]).toEqual([['objectMissing 2'], 2]);
  });

  it('asks for versions as versions', async () => {
    const versioned = await sandbox.bucket();
    const client = sandbox.clients.s3();
    const on = { Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' as const } };
    await client.send(new PutBucketVersioningCommand(on));
    const { versionId = '' } = await put('v.png', 'old', versioned);
    await put('v.png', 'new', versioned);
    const other = `${versionId.slice(0, -1)}${versionId.endsWith('A') ? 'B' : 'A'}`;
    const body = `${versioned},v.png,${versionId}\n${versioned},v.png,${other}\n`;
    expect(kinds(await check(body, true))).toEqual(['objectMissing 2']);
  });

  it('skips a header and blank lines, and keeps the row numbers', async () => {
    const body = `bucket,key\n\n${bucket},gone\n`;
    const found = ['headerRow 1', 'blankLine 2', 'objectMissing 3'];
    expect(kinds(await check(body, true))).toEqual(found);
  });

  it('says of what it may not read that it can’t tell', async () => {
    const server = await startScriptedServer(({ method, url }, response) => {
      const isManifest = url.pathname.endsWith('/m.csv');
      if (isManifest) response.end('b-b,a\nb-b,b\n');
      else if (method === 'HEAD') response.writeHead(403).end();
      else s3Error(response, 403, 'AccessDenied');
    });
    const input = { bucket: 'b-b', key: 'm.csv', asksObjects: true, maxProblems: 10 };
    const { problems } = await checkManifest(server.clients(), input);
    expect(problems.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['objectDenied', 'warning'],
      ['objectDenied', 'warning'],
    ]);
  });

  it('backs off when S3 asks it to slow down, and finishes', async () => {
    let heads = 0;
    const server = await startScriptedServer(({ method }, response) => {
      if (method !== 'HEAD') response.end(rowsOf('b-b', 40));
      else if (++heads % 3 === 1 && heads < 40) response.writeHead(503).end();
      else response.end();
    });
    const input = { bucket: 'b-b', key: 'm.csv', asksObjects: true, maxProblems: 10 };
    const found = await checkManifest(server.clients(), input);
    expect([found.problems, found.asked]).toEqual([[], 40]);
  });

  it('counts what it does not keep', async () => {
    const body = Array.from({ length: 30 }, (_, at) => `${bucket},a b ${at}\n`).join('');
    await put('m.csv', body);
    const input = { bucket, key: 'm.csv', asksObjects: false, maxProblems: 10 };
    const { problems, problemCounts } = await checkManifest(sandbox.clients, input);
    expect([problems.length, problemCounts]).toEqual([10, { unencodedKey: 30 }]);
  });

  it('ends when it is cancelled', async () => {
    const stop = new AbortController();
    const server = await startScriptedServer(({ method }, response) => {
      if (method !== 'HEAD') response.end(rowsOf('b-b', 1000));
      else {
        stop.abort();
        response.end();
      }
    });
    const input = { bucket: 'b-b', key: 'm.csv', asksObjects: true, maxProblems: 10 };
    const checking = checkManifest(server.clients(), input, { signal: stop.signal });
    await expect(checking).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

const rowsOf = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${name},key-${at}\n`).join('');

describe('correctManifest', () => {
  it('writes what it puts right as a new object, under S3’s own keys', async () => {
    const body = `\ufeffBucket,Key\r\n${bucket},a b\r\n\r\n${bucket},c%20d\r\n`;
    const { text, rows, leftOut, asked } = await correct(body, ['dropHeader', 'encodeKeys']);
    expect(text).toBe(`${bucket},a%20b\n${bucket},c%20d\n`);
    expect([rows, leftOut, asked]).toEqual([2, 1, 0]);
  });

  it('fills in version ids, and null where a bucket has none', async () => {
    const versioned = await sandbox.bucket();
    const client = sandbox.clients.s3();
    await put('before', 'x', versioned);
    const on = { Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' as const } };
    await client.send(new PutBucketVersioningCommand(on));
    const { versionId = '' } = await put('after', 'x', versioned);
    await put('plain');
    const body = [
      ...[`${versioned},after,${versionId}`, `${versioned},before,`, `${bucket},plain,`],
      `${versioned},after,`,
    ].join('\n');
    const { text } = await correct(body, ['fillVersions']);
    expect(text.trimEnd().split('\n')).toEqual([
      ...[`${versioned},after,${versionId}`, `${versioned},before,null`, `${bucket},plain,null`],
      `${versioned},after,${versionId}`,
    ]);
  });

  it('pins a manifest without versions to those that there are now', async () => {
    const { text } = await correct(`${bucket},plain\n`, ['fillVersions']);
    expect(text).toBe(`${bucket},plain,null\n`);
  });

  it('leaves out what does not exist', async () => {
    await put('there');
    const { text, leftOut } = await correct(`${bucket},gone\n${bucket},there\n`, ['dropMissing']);
    expect([text, leftOut]).toEqual([`${bucket},there\n`, 1]);
  });

  it('splits URIs and other separators', async () => {
    const uris = await correct(`s3://${bucket}/a b\ns3://${bucket}/c\n`, ['splitCells']);
    expect(uris.text).toBe(`${bucket},a%20b\n${bucket},c\n`);
    const tabs = await correct(`${bucket}\ta b\n${bucket}\tc\n`, ['splitCells']);
    expect(tabs.text).toBe(`${bucket},a%20b\n${bucket},c\n`);
  });

  it('writes nothing where no row would be left', async () => {
    const checked = await check(`${bucket},gone\n`);
    const plan = correctionPlan(checked, ['dropMissing']);
    const to = { bucket, key: 'nothing.csv' };
    const written = correctManifest(sandbox.clients, { manifest: checked, plan, to });
    await expect(written).rejects.toMatchObject({ reason: 'NoRowLeft' });
    const read = readObject(sandbox.clients.s3(), { ...to, maxBytes: 10 });
    await expect(read).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('does not write over an object, nor from a manifest that has changed', async () => {
    const checked = await check(`${bucket},a\n`);
    const plan = correctionPlan(checked, ['rewrite']);
    await put('taken.csv');
    const over = { manifest: checked, plan, to: { bucket, key: 'taken.csv' } };
    await expect(correctManifest(sandbox.clients, over)).rejects.toMatchObject({
      code: 'Conflict',
    });
    await put('m.csv', `${bucket},b\n`);
    const stale = { manifest: checked, plan, to: { bucket, key: 'stale.csv' } };
    await expect(correctManifest(sandbox.clients, stale)).rejects.toMatchObject({
      code: 'Conflict',
    });
  });

  it('brings legal and awful keys through: what is read is what was meant', async () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter(text => !/["\r\n]/.test(text) && text.trim() === text && text !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 5 }), async keys => {
        const body = keys.map(one => `${bucket},${one}\n`).join('');
        const all = ['encodeAllKeys', 'joinCells'] as const;
        const checked = await check(body);
        // Of three columns from the first row on nobody can tell that they are one.
        fc.pre(checked.fields.length === 2 && checked.problemCounts.headerRow === undefined);
        made += 1;
        const to = { bucket, key: `awful-${made}.csv` };
        const plan = correctionPlan(checked, all);
        await correctManifest(sandbox.clients, { manifest: checked, plan, to });
        const read = await readManifest(sandbox.clients.s3(), to);
        expect(read.sampleKeys).toEqual(keys);
        expect(Object.keys(read.problemCounts)).toEqual(
          new Set(keys).size === keys.length ? [] : ['duplicateRow'],
        );
      }),
      { numRuns: 40 },
    );
  });
});
