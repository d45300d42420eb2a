import { randomUUID } from 'node:crypto';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import type {
  CreateJobCommandInput,
  JobManifestFieldName,
  JobOperation,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { parse } from 'csv-parse/sync';
import type { SandboxOptions } from '../../../src/sandbox/server.ts';
import { controlClient, iamClient, waitForJob } from '../controlClients.ts';
import type { JobDescriptor } from '../controlClients.ts';
import { startTestSandbox } from '../testSandbox.ts';
import type { TestSandbox } from '../testSandbox.ts';

export const SOURCE = 'source';
export const TARGET = 'target';
/** Of manifests and reports. */
export const DESK = 'desk';

const ROLE = 'worker';
const Version = '2012-10-17';
const DESK_STATEMENT = {
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: `arn:aws:s3:::${DESK}/*`,
};

export interface Finished {
  readonly job: JobDescriptor;
  /** The rows of the report by the key in them. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

/** A sandbox with three buckets and a role for jobs, reached by the official SDK alone. */
export class OperationWorld {
  readonly test: TestSandbox;
  readonly control: S3ControlClient;
  private readonly iam: IAMClient;
  readonly accountId: string;

  private constructor(test: TestSandbox) {
    this.test = test;
    this.control = controlClient(test.sandbox);
    this.iam = iamClient(test.sandbox);
    this.accountId = test.sandbox.accountId;
  }

  static async start(options: Partial<SandboxOptions> = {}): Promise<OperationWorld> {
    const world = new OperationWorld(await startTestSandbox(options));
    for (const Bucket of [SOURCE, TARGET, DESK]) {
      await world.test.s3.send(new CreateBucketCommand({ Bucket }));
    }
    await world.iam.send(
      new CreateRoleCommand({
        RoleName: ROLE,
        AssumeRolePolicyDocument: JSON.stringify({
          Version,
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'batchoperations.s3.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        }),
      }),
    );
    return world;
  }

  /** Lets the role do this, besides reading manifests and writing reports. */
  async allow(...statements: readonly object[]): Promise<void> {
    const Statement = [DESK_STATEMENT, ...statements];
    const PolicyDocument = JSON.stringify({ Version, Statement });
    await this.iam.send(
      new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'tasks', PolicyDocument }),
    );
  }

  async version(Bucket: string): Promise<void> {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await this.test.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }

  async put(Key: string, more: Partial<PutObjectCommandInput> = {}): Promise<string | undefined> {
    const input = { Bucket: SOURCE, Key, Body: `bytes of ${Key}`, ...more };
    return (await this.test.s3.send(new PutObjectCommand(input))).VersionId;
  }

  /** What CreateJob is asked for. @param rows of the manifest, encoded */
  async request(
    Operation: JobOperation,
    rows: readonly string[],
    Fields: JobManifestFieldName[] = ['Bucket', 'Key'],
  ): Promise<CreateJobCommandInput> {
    const Key = `${randomUUID()}.csv`;
    const Body = rows.map(row => `${row}\n`).join('');
    const { ETag } = await this.test.s3.send(new PutObjectCommand({ Bucket: DESK, Key, Body }));
    return {
      AccountId: this.accountId,
      ConfirmationRequired: false,
      Operation,
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields },
        Location: { ObjectArn: `arn:aws:s3:::${DESK}/${Key}`, ETag: ETag?.replaceAll('"', '') },
      },
      Report: {
        Enabled: true,
        Bucket: `arn:aws:s3:::${DESK}`,
        Format: 'Report_CSV_20180820',
        ReportScope: 'AllTasks',
        ExpectedBucketOwner: this.accountId,
      },
      Priority: 1,
      RoleArn: `arn:aws:iam::${this.accountId}:role/${ROLE}`,
    };
  }

  async create(request: CreateJobCommandInput): Promise<string | undefined> {
    return (await this.control.send(new CreateJobCommand(request))).JobId;
  }

  /** Runs a job to its end and reads its report. */
  async run(
    operation: JobOperation,
    rows: readonly string[],
    fields?: JobManifestFieldName[],
  ): Promise<Finished> {
    return this.finished(await this.create(await this.request(operation, rows, fields)));
  }

  async finished(JobId: string | undefined): Promise<Finished> {
    const job = await waitForJob(this.control, { AccountId: this.accountId, JobId });
    const rows = await this.reportRows(JobId);
    return { job, rows: new Map(rows.map(row => [row[1] ?? '', row])) };
  }

  /** All rows of a report, in the order of its files. */
  async reportRows(JobId: string | undefined): Promise<string[][]> {
    const text = await this.read(DESK, `job-${JobId}/manifest.json`);
    const { Results } = JSON.parse(text) as { Results: { Key: string }[] };
    const rows: string[][] = [];
    for (const { Key } of Results) rows.push(...parse(await this.read(DESK, Key)));
    return rows;
  }

  async read(Bucket: string, Key: string): Promise<string> {
    const { Body } = await this.test.s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  async close(): Promise<void> {
    this.control.destroy();
    this.iam.destroy();
    await this.test.close();
  }
}
