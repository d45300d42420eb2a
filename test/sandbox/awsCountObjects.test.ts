import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countObjects } from '../../src/aws/objects/countObjects.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

describe('countObjects', () => {
  let sandbox: SandboxClients;
  let bucket: string;
  beforeAll(async () => {
    sandbox = await startSandboxClients();
    bucket = await sandbox.bucket();
    for (const key of ['a.png', 'in/b.png', 'in/c.JPG', 'in/d.v1 final', 'in/e', 'in/.png']) {
      await writeObject(sandbox.clients.s3(), { bucket, key, body: '' });
    }
  });
  afterAll(() => sandbox.close());

  it('counts all below a prefix, and by suffix', async () => {
    const count = await countObjects(sandbox.clients.s3(), { bucket });
    expect(count).toEqual({
      objects: 6,
      complete: true,
      suffixes: [
        { suffix: '.png', objects: 2 },
        { suffix: '.JPG', objects: 1 },
      ],
    });
    const below = { bucket, prefix: 'in/', suffix: '.png' };
    expect(await countObjects(sandbox.clients.s3(), below)).toMatchObject({ objects: 2 });
  });

  it('gives up after ten pages, and says so', async () => {
    const entry = '<Contents><Key>a.png</Key><Size>1</Size></Contents>'.repeat(1000);
    const server = await startScriptedServer((_, response) =>
      response.end(
        `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>${entry}</ListBucketResult>`,
      ),
    );
    const count = await countObjects(server.clients().s3(), { bucket });
    expect(count).toMatchObject({ objects: 10_000, complete: false });
    expect(server.requests).toHaveLength(10);
  });
});
