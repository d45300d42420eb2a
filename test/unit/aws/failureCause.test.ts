import { describe, expect, it } from 'vitest';
import { causeOf, type CausedJob } from '../../../src/aws/report/failureCause.ts';
import type { FailureGroup } from '../../../src/aws/report/failureGroups.ts';

const TAGGING: CausedJob = {
  does: { name: 'S3PutObjectTagging', tags: [] },
  arn: 'arn:aws-cn:s3:r:1:job/j',
};
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:f';
const invocation = { functionArn: FUNCTION, schemaVersion: '1.0' } as const;
const INVOKING: CausedJob = { does: { name: 'LambdaInvoke', ...invocation }, invocation };

function group(more: Partial<FailureGroup>): FailureGroup {
  return {
    ...{ errorCode: '', count: 1, message: '', sampleKeys: ['a/b.png'], hasVersions: false },
    places: [{ bucket: 'images', prefix: 'a/b*.png' }],
    ...more,
  };
}

describe('the cause of failures', () => {
  it.each([
    ['NoSuchKey', 404, 'noObject'],
    ['NoSuchVersion', 404, 'noVersion'],
    ['NoSuchBucket', 404, 'noBucket'],
    ['InvalidObjectState', 403, 'archived'],
    ['MethodNotAllowed', 405, 'deleteMarker'],
    ['InvalidTag', 400, 'tags'],
    ['SlowDown', 503, 'temporary'],
    ['SomethingNew', 500, 'temporary'],
    ['SomethingNew', 400, 'unknown'],
    ['PreconditionFailed', 412, 'meanwhile'],
  ])('is told by the code %s', (errorCode, httpStatus, kind) => {
    expect(causeOf(TAGGING, group({ errorCode, httpStatus }))).toEqual({ kind });
  });

  it('is a missing version id whatever the code', () => {
    const message = 'Task failed due to missing VersionId';
    const found = causeOf(
      TAGGING,
      group({ errorCode: 'InvalidRequest', httpStatus: 400, message }),
    );
    expect(found).toEqual({ kind: 'versionNeeded' });
  });

  it('is a permission on the folder of the keys, of the job’s operation and partition', () => {
    const denied = { errorCode: 'AccessDenied', httpStatus: 403, message: 'Access Denied' };
    const needs = (actions: string[]) => ({
      kind: 'denied',
      needs: [{ actions, resources: ['arn:aws-cn:s3:::images/a/*'] }],
    });
    expect(causeOf(TAGGING, group(denied))).toEqual(needs(['s3:PutObjectTagging']));
    const versions = causeOf(TAGGING, group({ ...denied, hasVersions: true }));
    expect(versions).toEqual(needs(['s3:PutObjectVersionTagging']));
    expect(causeOf(undefined, group(denied))).toEqual({ kind: 'denied', needs: [] });
  });

  it('is a missing object where S3 asks for s3:ListBucket', () => {
    const message =
      'User: u is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::b"';
    const denied = group({ errorCode: 'AccessDenied', httpStatus: 403, message });
    expect(causeOf(TAGGING, denied)).toEqual({ kind: 'noObject' });
  });

  it('is of either side of a copy', () => {
    const settings = { TargetResource: 'arn:aws:s3:::copies', NewObjectTagging: [] };
    const job: CausedJob = { does: { name: 'S3PutObjectCopy', settings } };
    expect(causeOf(job, group({ errorCode: 'AccessDenied', httpStatus: 403 }))).toEqual({
      kind: 'denied',
      needs: [
        { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::images/a/*'] },
        {
          actions: ['s3:PutObject', 's3:PutObjectTagging'],
          resources: ['arn:aws:s3:::copies/*'],
        },
      ],
    });
  });

  it('is the permission that AWS names, on a key of KMS too', () => {
    const said = (resource: string, action = 'kms:Decrypt') =>
      `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows it`;
    const message = said('arn:aws:kms:r:1:key/k');
    const denied = { errorCode: 'AccessDenied', httpStatus: 403 };
    expect(causeOf(TAGGING, group({ ...denied, message }))).toMatchObject({
      needs: [{ actions: ['kms:Decrypt'], resources: ['arn:aws:kms:r:1:key/k'] }],
    });
    const object = said('"arn:aws:s3:::images/a/b.png"', 's3:PutObjectTagging');
    expect(causeOf(TAGGING, group({ ...denied, message: object }))).toMatchObject({
      needs: [{ resources: ['arn:aws-cn:s3:::images/a/*'] }],
    });
  });

  it.each([
    ['Lambda returned function error: … Task timed out after 3.00 seconds', 'functionTimedOut'],
    ['AccessDenied: Access Denied', 'functionDenied'],
    ['Invalid JSON returned in Lambda payload', 'functionAnswer'],
    ['Error: no image', 'functionFailed'],
  ])('is in the function that says: %s', (message, kind) => {
    const failed = { errorCode: 'PermanentFailure', httpStatus: 200, message };
    expect(causeOf(INVOKING, group(failed))).toEqual({ kind, functionName: 'f' });
  });

  it('is the role where it may not invoke the function', () => {
    const denied = { errorCode: 'AccessDenied', httpStatus: 403, message: 'no' };
    expect(causeOf(INVOKING, group(denied))).toMatchObject({
      needs: [{ actions: ['lambda:InvokeFunction'], resources: [FUNCTION, `${FUNCTION}:*`] }],
    });
  });
});
