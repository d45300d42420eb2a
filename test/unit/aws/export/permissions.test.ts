import { expect, it } from 'vitest';
import { readPermissions } from '../../../../src/aws/export/permissions.ts';
import type { BucketFunction } from '../../../../src/aws/notifications/bucketFunction.ts';
import { startScriptedServer } from '../../../support/scriptedServer.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';

function invokedBy(...arns: string[]): BucketFunction {
  const notifications = arns.map(arn => ({ destination: { kind: 'lambda', arn } }));
  return { name: 'resize', region: 'eu-west-1', notifications } as unknown as BucketFunction;
}

/** A policy that lets a bucket of the account invoke what it is of. */
const policyOf = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Sid: `for-${bucket}`, Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
      ...{ Action: 'lambda:InvokeFunction', Resource: ARN },
      Condition: {
        StringEquals: { 'AWS:SourceAccount': '123456789012' },
        ArnLike: { 'AWS:SourceArn': `arn:aws:s3:::${bucket}` },
      },
    },
  ],
});

it('each version and alias that a bucket invokes has the permission of its own policy', async () => {
  const server = await startScriptedServer(({ url }, response) => {
    const of = decodeURIComponent(url.pathname.split('/')[3] ?? '');
    const policies: Record<string, object> = {
      'resize:live': policyOf('photos'),
      'resize:7': policyOf('others'),
    };
    response.setHeader('content-type', 'application/json');
    const policy = policies[of];
    if (policy === undefined) {
      response.statusCode = 404;
      response.setHeader('x-amzn-errortype', 'ResourceNotFoundException');
      response.end(
        JSON.stringify({ Type: 'User', Message: 'The resource you requested does not exist.' }),
      );
    } else response.end(JSON.stringify({ Policy: JSON.stringify(policy), RevisionId: 'r' }));
  });
  const found = invokedBy(`${ARN}:live`, ARN, `${ARN}:7`, `${ARN}:live`);
  const permissions = await readPermissions(server.clients(), 'photos', found, {});
  const source = { sourceArn: 'arn:aws:s3:::photos', sourceAccount: '123456789012' };
  const missing = { exists: false, statementId: 'bucket-brigade-photos', ...source };
  expect(permissions).toEqual([
    missing,
    { ...missing, qualifier: '7' },
    { qualifier: 'live', exists: true, statementId: 'for-photos', ...source },
  ]);
  // Where only an alias is invoked, nothing else is permitted.
  const only = await readPermissions(server.clients(), 'photos', invokedBy(`${ARN}:live`), {});
  expect(only.map(({ qualifier }) => qualifier)).toEqual(['live']);
});
