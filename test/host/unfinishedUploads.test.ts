import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { listUnfinishedUploads } from '../../src/aws/objects/unfinishedUploads.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { resumeFrom } from '../../src/explorer/unfinished/resumeFrom.ts';
import { explorerOf, startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';

describe('an unfinished upload', () => {
  let on: ExplorerFixture;
  let explorer: Explorer;
  let folder: string;
  before(async () => {
    on = await startExplorerFixture();
    explorer = explorerOf(on);
    folder = mkdtempSync(path.join(tmpdir(), 'bb-resume-'));
  });
  after(async () => {
    explorer.tree.dispose();
    explorer.transfers.dispose();
    rmSync(folder, { recursive: true });
    await on.close();
  });

  it('of a window that died is resumed from its file, as a transfer', async () => {
    const session = await on.sessionOf('sandbox');
    const bucket = await on.bucket();
    const [key, s3] = ['a b+%2F😀', on.clients.s3()];
    const bytes = Buffer.alloc(9 * 1024 ** 2, 'resume');
    const file = path.join(folder, 'a b#.bin');
    writeFileSync(file, bytes);
    const { UploadId = '' } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }),
    );
    const part = { Bucket: bucket, Key: key, UploadId, PartNumber: 1 };
    await s3.send(new UploadPartCommand({ ...part, Body: bytes.subarray(0, 6 * 1024 ** 2) }));
    const upload = { bucket, key, uploadId: UploadId };
    const source = vscode.Uri.file(file).toString();
    const journal = explorer.uploads.of(session);
    journal.begin({ ...upload, source });
    assert.deepEqual(explorer.uploads.find(UploadId), { isWorking: true, source });
    journal.abandon(upload);
    assert.deepEqual(explorer.uploads.find(UploadId), { isWorking: false, source });
    await resumeFrom(explorer, session, { upload, isWorking: false, source });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    assert.ok(Body);
    assert.ok(Buffer.from(await Body.transformToByteArray()).equals(bytes));
    for await (const page of listUnfinishedUploads(s3, bucket)) assert.deepEqual(page, []);
    assert.equal(explorer.uploads.find(UploadId), undefined);
    const [transfer] = explorer.transfers.transfers;
    assert.equal(transfer?.state, 'done');
    assert.equal(transfer.progress.bytes, bytes.length);
  });

  it('whose file is gone says so, and stays', async () => {
    const session = await on.sessionOf('sandbox');
    const upload = { bucket: await on.bucket(), key: 'k', uploadId: 'x' };
    const source = vscode.Uri.file(path.join(folder, 'gone')).toString();
    await assert.rejects(
      resumeFrom(explorer, session, { upload, isWorking: false, source }),
      /no longer exists. The upload can only be aborted/,
    );
  });
});
