import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { systemClock } from '../../../src/sandbox/clock.ts';
import type { Clock } from '../../../src/sandbox/clock.ts';
import { sandboxUser } from '../../../src/sandbox/principal.ts';
import { getObjectBody } from '../../../src/sandbox/s3/objects/getObject.ts';
import { getObjectTagging } from '../../../src/sandbox/s3/objects/objectTagging.ts';
import { putObject } from '../../../src/sandbox/s3/objects/putObject.ts';
import type {
  Job,
  JobDefinition,
  JobManifest,
  JobStatus,
} from '../../../src/sandbox/s3control/job.ts';
import { buildServices } from '../../../src/sandbox/server.ts';
import type { SandboxContext } from '../../../src/sandbox/server.ts';
import { Store } from '../../../src/sandbox/store.ts';

const ACCOUNT = '123456789012';
export const USER = sandboxUser(ACCOUNT);
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/batch`;
export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'batchoperations.s3.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
});

/** The statements of a role that may do all that a tagging job needs. */
export const STATEMENTS = [
  {
    Sid: 'Tag',
    Effect: 'Allow',
    Action: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging'],
    Resource: 'arn:aws:s3:::images/*',
  },
  {
    Sid: 'Manifest',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: 'arn:aws:s3:::assets/*',
  },
  { Sid: 'Report', Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::assets/*' },
];

/** A definition with the manifest that the world has put. */
export type ManifestDefinition = JobDefinition & { readonly manifest: JobManifest };

export interface WorldOptions {
  readonly clock?: Clock;
  readonly taskDelay?: number;
  readonly reportFileSize?: number;
  readonly dataDir?: string;
}

/** A store with jobs, objects and roles, without the HTTP before it. */
export class JobWorld {
  readonly services: SandboxContext;
  readonly log: string[] = [];
  private readonly dataDir: string;
  private readonly ownsFolder: boolean;

  constructor({ clock = systemClock, dataDir, ...options }: WorldOptions = {}) {
    this.ownsFolder = dataDir === undefined;
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'brigade-jobs-'));
    const store = new Store(this.dataDir);
    const config = { accountId: ACCOUNT, accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
    const log = (line: string): number => this.log.push(line);
    this.services = buildServices({ clock, ...options }, store, config, log);
    for (const bucket of ['images', 'assets']) {
      if (!this.services.s3.buckets.find(bucket)) {
        this.services.s3.buckets.create(bucket, 'us-east-1', new Date());
      }
    }
    if (!this.services.iam.find('batch')) this.putRole(STATEMENTS);
    this.services.jobs.start();
  }

  putRole(statements: readonly object[], trustPolicy = TRUST): void {
    const { iam } = this.services;
    const role = {
      id: 'AROAEXAMPLEEXAMPLEEX1',
      name: 'batch',
      path: '/',
      arn: ROLE_ARN,
      description: undefined,
      trustPolicy,
      maxSessionDuration: 3600,
      tags: [],
      created: new Date(),
    };
    iam.save(role);
    const Statement = statements.length === 0 ? STATEMENTS.slice(0, 1) : statements;
    iam.putInlinePolicy(role, 'policy', JSON.stringify({ Version: '2012-10-17', Statement }));
  }

  async put(bucket: string, key: string, text: string | Buffer = key): Promise<string> {
    const { eTag } = await putObject(this.services, USER, { bucket, key, body: Buffer.from(text) });
    return eTag;
  }

  /** Stores images and a manifest of them; answers a definition of a job over it. */
  async manifest(
    rows: string,
    changes: Partial<ManifestDefinition> = {},
  ): Promise<ManifestDefinition> {
    const eTag = await this.put('assets', 'manifest.csv', rows);
    return {
      operation: { name: 'S3PutObjectTagging', tags: [{ key: 'phototype', value: 'finished' }] },
      manifest: {
        format: 'S3BatchOperations_CSV_20180820',
        fields: ['Bucket', 'Key'],
        objectArn: 'arn:aws:s3:::assets/manifest.csv',
        eTag,
        versionId: undefined,
      },
      report: {
        bucketArn: 'arn:aws:s3:::assets',
        prefix: undefined,
        scope: 'AllTasks',
        expectedBucketOwner: undefined,
      },
      roleArn: ROLE_ARN,
      description: undefined,
      confirmationRequired: false,
      ...changes,
    };
  }

  start(definition: JobDefinition, priority = 10): string {
    const id = randomUUID();
    this.services.jobs.table.insert({
      id,
      clientToken: id,
      fingerprint: '',
      definition,
      priority,
      created: this.services.clock.now(),
      tags: [],
    });
    this.services.jobs.wake();
    return id;
  }

  job(id: string): Job {
    const job = this.services.jobs.table.find(id);
    if (job === undefined) throw new Error(`There is no job ${id}.`);
    return job;
  }

  setStatus(id: string, status: JobStatus): void {
    this.services.jobs.table.update(id, { status });
    this.services.jobs.wake();
  }

  /** Waits until the job has one of the statuses. */
  async reaches(id: string, ...statuses: JobStatus[]): Promise<Job> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const job = this.job(id);
      if (statuses.includes(job.status)) return job;
      if (Date.now() > deadline) throw new Error(`The job is still ${job.status}.`);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  }

  end(id: string): Promise<Job> {
    return this.reaches(id, 'Complete', 'Failed', 'Cancelled');
  }

  tags(key: string, versionId?: string): Record<string, string> {
    const { tags } = getObjectTagging(this.services, USER, { bucket: 'images', key, versionId });
    return Object.fromEntries(tags.map(tag => [tag.key, tag.value]));
  }

  async read(key: string): Promise<string> {
    const { body } = getObjectBody(this.services, USER, { bucket: 'assets', key });
    if (Buffer.isBuffer(body)) return body.toString('utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The rows of a job's report, succeeded and failed ones. */
  async reportRows(id: string): Promise<string[][]> {
    const manifest = JSON.parse(await this.read(`job-${id}/manifest.json`)) as {
      Results: { Key: string }[];
    };
    const rows = await Promise.all(
      manifest.Results.map(async ({ Key }) => parse(await this.read(Key))),
    );
    return rows.flat();
  }

  /** Stops; a folder that was given stays. */
  async close(): Promise<void> {
    await this.services.jobs.stop();
    this.services.store.close();
    if (this.ownsFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
