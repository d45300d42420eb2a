import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobOperation, OperationName } from '../../src/aws/batchJobs/jobOperation.ts';
import { OPERATION_NAMES } from '../../src/aws/batchJobs/operations/operations.ts';
import { cliCommand } from '../../src/aws/batchJobs/request/cliCommand.ts';
import { jobRequest, type CreateJobInput } from '../../src/aws/batchJobs/request/jobRequest.ts';
import { createClients } from '../../src/aws/clients.ts';
import { readXml, type XmlElement } from '../../src/sandbox/xmlReader.ts';
import { cliInstalled, shell } from './pythonClients.ts';

const AWKWARD = `it's "$HOME" \`id\` <&> \\ ü 한 😀 \${a} %{b} !x`;
const ACCOUNT = '012345678901';
const KMS = 'arn:aws:kms:us-east-1:012345678901:key/0a1b2c3d-0000-1111-2222-333344445555';
const FUNCTION = 'arn:aws:lambda:us-east-1:012345678901:function:resize';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/batch`;
const MANIFEST = {
  ...{ bucket: 'assets', key: `m/${AWKWARD}.csv`, eTag: '0123456789abcdef0123456789abcdef' },
  ...{ format: 'S3BatchOperations_CSV_20180820' as const, fields: ['Bucket', 'Key'] as const },
};
const DAY = new Date('2040-02-29T00:00:00Z');

/** One of each, with all that it can be told. */
const OPERATIONS: { readonly [Name in OperationName]: Extract<JobOperation, { name: Name }> } = {
  S3PutObjectTagging: { name: 'S3PutObjectTagging', tags: [{ key: `k ${AWKWARD}`, value: '' }] },
  S3DeleteObjectTagging: { name: 'S3DeleteObjectTagging' },
  LambdaInvoke: {
    ...{ name: 'LambdaInvoke', functionArn: FUNCTION, schemaVersion: '2.0' },
    userArguments: { [`k ${AWKWARD}`]: AWKWARD, b: '0123' },
  },
  S3PutObjectCopy: {
    name: 'S3PutObjectCopy',
    settings: {
      ...{ TargetResource: 'arn:aws:s3:::archive', TargetKeyPrefix: `-${AWKWARD}/` },
      ...{ StorageClass: 'GLACIER_IR', MetadataDirective: 'REPLACE', BucketKeyEnabled: false },
      NewObjectMetadata: {
        ContentType: 'image/png',
        SSEAlgorithm: 'KMS',
        HttpExpiresDate: DAY,
        UserMetadata: { by: AWKWARD },
      },
      NewObjectTagging: [{ Key: 'a', Value: AWKWARD }],
      ...{ ModifiedSinceConstraint: DAY, UnModifiedSinceConstraint: DAY, RequesterPays: true },
      ...{ ChecksumAlgorithm: 'SHA256', SSEAwsKmsKeyId: KMS },
      ...{ ObjectLockMode: 'GOVERNANCE', ObjectLockLegalHoldStatus: 'ON' },
      ObjectLockRetainUntilDate: DAY,
    },
  },
  S3PutObjectAcl: {
    name: 'S3PutObjectAcl',
    settings: {
      AccessControlPolicy: {
        AccessControlList: {
          Owner: { ID: 'a1' },
          Grants: [{ Grantee: { TypeIdentifier: 'id', Identifier: 'b2' }, Permission: 'READ' }],
        },
      },
    },
  },
  S3InitiateRestoreObject: {
    name: 'S3InitiateRestoreObject',
    settings: { ExpirationInDays: 7, GlacierJobTier: 'BULK' },
  },
  S3PutObjectLegalHold: {
    name: 'S3PutObjectLegalHold',
    settings: { LegalHold: { Status: 'OFF' } },
  },
  S3PutObjectRetention: {
    name: 'S3PutObjectRetention',
    settings: {
      BypassGovernanceRetention: true,
      Retention: { Mode: 'COMPLIANCE', RetainUntilDate: DAY },
    },
  },
  S3ReplicateObject: { name: 'S3ReplicateObject', settings: {} },
  S3ComputeObjectChecksum: {
    name: 'S3ComputeObjectChecksum',
    settings: { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' },
  },
  S3UpdateObjectEncryption: {
    name: 'S3UpdateObjectEncryption',
    settings: { ObjectEncryption: { SSEKMS: { KMSKeyArn: KMS, BucketKeyEnabled: true } } },
  },
};

// Skipped where the AWS CLI is not on PATH. A server that answers anything writes down what it is asked.
describe.runIf(cliInstalled)('every kind of job', () => {
  let server: Server;
  let endpoint: string;
  const bodies: string[] = [];
  const accounts: unknown[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then(body => {
        accounts.push(request.headers['x-amz-account-id']);
        bodies.push(body);
        response.setHeader('content-type', 'application/xml');
        response.end('<CreateJobResult><JobId>0-1-2-3-4</JobId></CreateJobResult>');
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  it('is asked of S3 by the copied command as by the extension', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    const config = { region: 'us-east-1', endpoint, credentials };
    const clients = createClients(config, { accountId: ACCOUNT, partition: 'aws' });
    const client = clients.s3Control();
    const requests = OPERATION_NAMES.map(name => requestOf(OPERATIONS[name]));
    for (const request of requests) await client.send(new CreateJobCommand(request));
    clients.destroy();
    const target = { accountId: ACCOUNT, region: 'us-east-1', endpoint };
    const script = requests.map(request => cliCommand(request, target, 'bash')).join('\n');
    await shell({ ...credentials, endpoint, region: 'us-east-1' }, `set -eu\n${script}`);
    const said = bodies.map(body => canonical(readXml(body)));
    const count = OPERATION_NAMES.length;
    expect(said).toHaveLength(2 * count);
    expect(new Set(accounts)).toEqual(new Set([ACCOUNT]));
    OPERATION_NAMES.forEach((name, at) => {
      expect(said[at], name).toContain(`["${name}"`);
      expect(said[count + at], name).toBe(said[at]);
    });
  }, 120_000);
});

function requestOf(operation: JobOperation) {
  const isOdd = operation.name.length % 2 === 1;
  const manifest: CreateJobInput['manifest'] =
    operation.name === 'S3ReplicateObject'
      ? { sourceBucket: 'images', prefix: `it's/${AWKWARD}` }
      : { ...MANIFEST, ...(isOdd && { versionId: 'v.1' }) };
  return jobRequest(
    { accountId: ACCOUNT, partition: 'aws' },
    {
      ...{ operation, manifest, priority: 7, clientRequestToken: 'token' },
      roleArn: ROLE,
      description: AWKWARD,
      tags: [{ key: 'team', value: AWKWARD }],
      report: { bucket: 'reports', prefix: `it's/${AWKWARD}`, scope: 'AllTasks' },
    },
  );
}

/** The members of structures have no order; those of lists have. The token is each one's own. */
function canonical(element: XmlElement | undefined): string {
  const value = (given: XmlElement): unknown[] => [
    given.name,
    given.children.length === 0 ? given.text : '',
    ...given.children
      .filter(({ name }) => name !== 'ClientRequestToken')
      .map(value)
      .sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  ];
  return JSON.stringify(element && value(element));
}
