import { expect, it } from 'vitest';
import { BucketRules } from '../../src/aws/objects/rewrite/bucketRules.ts';
import { readObjectState } from '../../src/aws/objects/rewrite/objectState.ts';
import { s3Error, startScriptedServer } from '../support/scriptedServer.ts';

it.each([
  ['answers with the object itself', 200],
  ['answers that there is none', 404],
])('a lock is what HEAD tells of it where the service %s', async (_, status) => {
  const server = await startScriptedServer((request, response) => {
    const { searchParams } = request.url;
    if (searchParams.has('object-lock')) {
      response.end(
        '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
      );
    } else if (searchParams.has('retention')) {
      if (status === 404) s3Error(response, 404, 'NoSuchObjectLockConfiguration');
      else response.end('the object');
    } else if (searchParams.has('ownershipControls')) {
      response.end(
        '<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>',
      );
    } else {
      response.writeHead(200, {
        ...{ 'content-length': '10', etag: '"e"', 'x-amz-version-id': 'v' },
        'x-amz-object-lock-legal-hold': 'ON',
      });
      response.end();
    }
  });
  const rules = new BucketRules(server.clients().s3(), 'b-b');
  const { settings } = await readObjectState(rules, 'k');
  expect(settings).toMatchObject({ ObjectLockLegalHoldStatus: 'ON' });
  expect(settings.ObjectLockMode).toBeUndefined();
});
