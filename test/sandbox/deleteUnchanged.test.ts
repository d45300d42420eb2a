import { expect, it } from 'vitest';
import { deleteUnchanged } from '../../src/aws/objects/rewrite/deleteUnchanged.ts';
import { s3Error, startScriptedServer } from '../support/scriptedServer.ts';

it('asks one by one for what the answer does not name, as of services that name it otherwise', async () => {
  const server = await startScriptedServer((request, response) => {
    if (request.method === 'POST') {
      // A carriage return that is not encoded is a line feed for every reader of XML.
      response.end('<DeleteResult><Deleted><Key>a\rb</Key></Deleted></DeleteResult>');
    } else if (request.headers['if-match'] === '"changed"')
      s3Error(response, 412, 'PreconditionFailed');
    else response.writeHead(204).end();
  });
  const objects = [
    { key: 'a\rb', eTag: 'same' },
    { key: 'a\rc', eTag: 'changed' },
  ];
  const { deleted, failed } = await deleteUnchanged(server.clients().s3(), {
    bucket: 'b-b',
    objects,
  });
  expect(deleted).toEqual(['a\rb']);
  expect(failed).toMatchObject([{ key: 'a\rc', error: { code: 'Conflict', reason: 'Changed' } }]);
});
