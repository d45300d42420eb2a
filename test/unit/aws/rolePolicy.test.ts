import { describe, expect, it } from 'vitest';
import { batchRolePolicy } from '../../../src/aws/roles/rolePolicy.ts';

const input = {
  partition: 'aws',
  operation: { name: 'S3PutObjectTagging', targets: [{ bucket: 'images' }] } as const,
  manifest: { bucket: 'assets', key: 'manifest.csv' },
  report: { bucket: 'assets' },
};

describe('batchRolePolicy', () => {
  it('gives a job what it needs and no more', () => {
    expect(batchRolePolicy(input)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Tag',
          Effect: 'Allow',
          Action: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'],
          Resource: ['arn:aws:s3:::images/*'],
        },
        {
          Sid: 'TellMissing',
          Effect: 'Allow',
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::images'],
        },
        {
          Sid: 'Manifest',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:GetObjectVersion'],
          Resource: ['arn:aws:s3:::assets/manifest.csv'],
        },
        {
          Sid: 'Report',
          Effect: 'Allow',
          Action: ['s3:PutObject'],
          Resource: ['arn:aws:s3:::assets/job-*'],
        },
        {
          Sid: 'Location',
          Effect: 'Allow',
          Action: ['s3:GetBucketLocation'],
          Resource: ['arn:aws:s3:::assets'],
        },
      ],
    });
  });

  it('follows prefixes, the partition and the operation', () => {
    const { Statement } = batchRolePolicy({
      ...input,
      partition: 'aws-cn',
      operation: {
        name: 'S3DeleteObjectTagging',
        targets: [{ bucket: 'images', prefix: 'a*b/$' }],
      },
      report: { bucket: 'reports', prefix: 'r/' },
    });
    expect(Statement.map(statement => statement.Resource)).toEqual([
      ['arn:aws-cn:s3:::images/a${*}b/${$}*'],
      ['arn:aws-cn:s3:::images'],
      ['arn:aws-cn:s3:::assets/manifest.csv'],
      ['arn:aws-cn:s3:::reports/r//job-*'],
      ['arn:aws-cn:s3:::assets', 'arn:aws-cn:s3:::reports'],
    ]);
    expect(Statement[0]?.Action).toEqual([
      's3:DeleteObjectTagging',
      's3:DeleteObjectVersionTagging',
    ]);
  });

  it('lets an inventory be read with its data, and needs no report', () => {
    const key = 'inv/images/daily/2026-11-01T00-00Z/manifest.json';
    const policy = batchRolePolicy({
      ...input,
      manifest: { bucket: 'assets', key },
      report: undefined,
    });
    expect(policy.Statement.map(statement => statement.Sid)).toEqual([
      'Tag',
      'TellMissing',
      'Manifest',
      'Location',
    ]);
    expect(policy.Statement[2]?.Resource).toEqual([
      `arn:aws:s3:::assets/${key}`,
      'arn:aws:s3:::assets/inv/images/daily/data/*',
    ]);
  });

  const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:resize';

  it('lets a function be invoked in all its versions, and touches no object itself', () => {
    for (const functionArn of [FUNCTION, `${FUNCTION}:live`]) {
      const { Statement } = batchRolePolicy({
        ...input,
        operation: { name: 'LambdaInvoke', functionArn },
      });
      expect(Statement.map(statement => statement.Sid)).toEqual([
        'Invoke',
        'Manifest',
        'Report',
        'Location',
      ]);
      expect(Statement[0]).toMatchObject({
        Action: ['lambda:InvokeFunction'],
        Resource: [FUNCTION, `${FUNCTION}:*`],
      });
    }
  });

  it('lets S3 make a manifest, and keep it only where it is kept', () => {
    const operation = { name: 'LambdaInvoke', functionArn: FUNCTION } as const;
    const generator = { sourceBucket: 'images', prefix: '2026/' };
    const { Statement } = batchRolePolicy({
      partition: 'aws',
      operation,
      manifest: { ...generator, output: { bucket: 'assets', prefix: 'r/manifests/' } },
    });
    expect(Statement.slice(1)).toEqual([
      {
        Sid: 'GenerateManifest',
        Effect: 'Allow',
        Action: ['s3:PutInventoryConfiguration', 's3:ListBucket'],
        Resource: ['arn:aws:s3:::images'],
      },
      {
        Sid: 'WriteManifest',
        Effect: 'Allow',
        Action: ['s3:PutObject'],
        Resource: ['arn:aws:s3:::assets/r/manifests/*'],
      },
      {
        Sid: 'Manifest',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: ['arn:aws:s3:::assets/r/manifests/*'],
      },
      {
        Sid: 'Location',
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation'],
        Resource: ['arn:aws:s3:::assets'],
      },
    ]);
    const unkept = batchRolePolicy({ partition: 'aws', operation, manifest: generator });
    expect(unkept.Statement.map(statement => statement.Sid)).toEqual([
      'Invoke',
      'GenerateManifest',
    ]);
  });
});
