import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../../src/aws/batchJobs/request/readRequest.ts';

const REQUEST = {
  Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::b', StorageClass: 'GLACIER' } },
  Report: { Enabled: false },
  Priority: 1,
  RoleArn: 'arn:aws:iam::123456789012:role/r',
  ConfirmationRequired: true,
  Manifest: {
    Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
    Location: { ObjectArn: 'arn:aws:s3:::m/m.csv', ETag: 'e' },
  },
  Tags: [{ Key: 'a', Value: 'b' }],
};

function copying(settings: object): object {
  return { ...REQUEST, Operation: { S3PutObjectCopy: settings } };
}

describe('readRequest', () => {
  it('reads what CreateJob takes, and dates as dates', () => {
    expect(readRequest(REQUEST)).toEqual({ request: REQUEST, problems: [] });
    const settings = {
      ModifiedSinceConstraint: '2026-01-01T01:00:00+01:00',
      UnModifiedSinceConstraint: '2026-01-02T00:00:00',
      NewObjectMetadata: { UserMetadata: { Any: 'v' }, HttpExpiresDate: '2027-01-01' },
    };
    expect(readRequest(copying(settings))).toEqual({
      request: copying({
        ModifiedSinceConstraint: new Date('2026-01-01T00:00:00Z'),
        UnModifiedSinceConstraint: new Date('2026-01-02T00:00:00Z'),
        NewObjectMetadata: {
          UserMetadata: { Any: 'v' },
          HttpExpiresDate: new Date('2027-01-01T00:00:00Z'),
        },
      }),
      problems: [],
    });
  });

  it('names what it does not know instead of leaving it out', () => {
    const { problems } = readRequest({
      ...copying({ TargetResource: 'arn:aws:s3:::b', Future: { A: 1 } }),
      Tags: [{ Key: 'a', Value: 'b', More: 1 }],
      Retry: 3,
    });
    expect(problems).toEqual([
      { path: ['Operation', 'S3PutObjectCopy', 'Future'], kind: 'unknown' },
      { path: ['Tags', '0', 'More'], kind: 'unknown' },
      { path: ['Retry'], kind: 'unknown' },
    ]);
  });

  it('names what is of another type', () => {
    const { problems } = readRequest({
      ...copying({ ModifiedSinceConstraint: 'yesterday', BucketKeyEnabled: 'true' }),
      Priority: '1',
      Tags: {},
      Report: null,
    });
    expect(problems.map(({ path, expected }) => `${path.join('.')}: ${expected}`)).toEqual([
      'Operation.S3PutObjectCopy.ModifiedSinceConstraint: date',
      'Operation.S3PutObjectCopy.BucketKeyEnabled: boolean',
      'Report: object',
      'Priority: number',
      'Tags: list',
      'Report: undefined',
      'Priority: undefined',
    ]);
  });

  it.each([[undefined], [null], [[]], ['text'], [3]])('reads nothing of %j', json => {
    const { problems } = readRequest(json);
    expect(problems[0]).toEqual({ path: [], kind: 'type', expected: 'object' });
  });

  it('wants one operation and one source of objects', () => {
    const both = { ...REQUEST, ManifestGenerator: {}, Operation: {} };
    expect(readRequest(both).problems).toMatchObject([
      { path: [], kind: 'choice', expected: 'Manifest, ManifestGenerator' },
      { path: ['Operation'], kind: 'choice' },
    ]);
  });
});
