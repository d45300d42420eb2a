import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliCommand } from '../../src/aws/batchJobs/request/cliCommand.ts';
import { aws as runAws, cliInstalled, shell } from './pythonClients.ts';
import { startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

describe.runIf(cliInstalled)('the AWS CLI', () => {
  let test: TestSandbox;
  beforeAll(async () => {
    test = await startTestSandbox({ seed: true });
  });
  afterAll(() => test.close());

  const aws = (...args: string[]) => runAws(test.sandbox, ...args);

  it('makes roles and simulates them', async () => {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'batchoperations.s3.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    });
    const role = ['--role-name', 'cli'];
    await aws('iam', 'create-role', ...role, '--assume-role-policy-document', trust);
    expect(await aws('iam', 'get-role', ...role)).toMatchObject({
      Role: { AssumeRolePolicyDocument: JSON.parse(trust) as object },
    });
    const source = `arn:aws:iam::${test.sandbox.accountId}:role/S3BatchPutRole`;
    const simulated = await aws(
      ...['iam', 'simulate-principal-policy', '--policy-source-arn', source],
      ...['--action-names', 's3:PutObjectTagging', 's3:ListBucket'],
      ...['--resource-arns', 'arn:aws:s3:::images-82834469/image1.png'],
    );
    expect(simulated).toMatchObject({
      EvaluationResults: [{ EvalDecision: 'allowed' }, { EvalDecision: 'implicitDeny' }],
    });
  });

  it('creates, confirms and describes a job', async () => {
    const account = ['--account-id', test.sandbox.accountId];
    const object = ['--bucket', 'assets-82834469', '--key', 'manifest.csv'];
    const head = (await aws('s3api', 'head-object', ...object)) as { ETag: string };
    const manifest = {
      Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
      Location: {
        ObjectArn: 'arn:aws:s3:::assets-82834469/manifest.csv',
        ETag: head.ETag.replaceAll('"', ''),
      },
    };
    const operation = { S3PutObjectTagging: { TagSet: [{ Key: 'by', Value: 'cli' }] } };
    const { JobId } = (await aws(
      ...['s3control', 'create-job', ...account, '--priority', '1', '--no-confirmation-required'],
      ...['--operation', JSON.stringify(operation), '--manifest', JSON.stringify(manifest)],
      ...['--report', '{"Enabled":false}', '--client-request-token', 'cli'],
      ...['--role-arn', `arn:aws:iam::${test.sandbox.accountId}:role/S3BatchPutRole`],
    )) as { JobId: string };
    const describeJob = () => aws('s3control', 'describe-job', ...account, '--job-id', JobId);
    await expect.poll(describeJob).toMatchObject({
      Job: { Status: 'Complete', Operation: operation, Manifest: manifest },
    });
    expect(await aws('s3control', 'list-jobs', ...account)).toMatchObject({ Jobs: [{ JobId }] });
  });

  it('makes the same job again by the command that is copied', async () => {
    const { accountId, region, endpoint } = test.sandbox;
    const account = ['--account-id', accountId];
    const { Jobs } = (await aws('s3control', 'list-jobs', ...account)) as {
      Jobs: { JobId: string }[];
    };
    const id = ['--job-id', Jobs[0]!.JobId];
    const { Job } = (await aws('s3control', 'describe-job', ...account, ...id)) as {
      Job: Record<string, unknown>;
    };
    const { Operation, Manifest, Report, Priority, RoleArn } = Job;
    const request = {
      ...{ Operation, Manifest, Report, Priority, RoleArn, ConfirmationRequired: true },
      Description: `it's "the same" $HOME \`id\` 한국어`,
      Tags: [{ Key: '-team', Value: '-한국 a=b' }],
    };
    const command = cliCommand(request, { accountId, region, endpoint }, 'bash');
    const { JobId } = JSON.parse(await shell(test.sandbox, command)) as { JobId: string };
    expect(JobId).not.toBe(Jobs[0]!.JobId);
    const { Tags, ...described } = request;
    expect(await aws('s3control', 'get-job-tagging', ...account, '--job-id', JobId)).toEqual({
      Tags,
    });
    const describeAgain = () => aws('s3control', 'describe-job', ...account, '--job-id', JobId);
    await expect.poll(describeAgain).toMatchObject({
      Job: { Status: 'Suspended', ...described },
    });
  });
});
