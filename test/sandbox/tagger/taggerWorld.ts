import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describeJob, runJob } from '../../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../../src/aws/batchJobs/completionReport.ts';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../../src/aws/batchJobs/jobStatus.ts';
import { readReport, type ReportRow } from '../../../src/aws/batchJobs/reportRows.ts';
import type { CodeZip } from '../../../src/aws/deployment/functionCode.ts';
import { encodeManifestKey } from '../../../src/aws/manifest/manifestKey.ts';
import type { ManifestObject } from '../../../src/aws/manifest/jobManifest.ts';
import { writeObject } from '../../../src/aws/objects/objects.ts';
import type { Tag } from '../../../src/aws/objects/tagRules.ts';
import { getObjectTags, putObjectTags } from '../../../src/aws/objects/tags.ts';
import type { TagChange } from '../../../src/aws/tagChanges/tagChange.ts';
import type { WhenChanged } from '../../../src/aws/tagChanges/revert.ts';
import { applyTagger } from '../../../src/aws/taggerDeployment/applyTagger.ts';
import { planTagger } from '../../../src/aws/taggerDeployment/planTagger.ts';
import { taggerArn } from '../../../src/aws/taggerDeployment/tagger.ts';
import {
  createTagsJob,
  createUndoJob,
  type TaggerJobInput,
} from '../../../src/aws/taggerFunction/taggerJobs.ts';
import { MANIFEST_FOLDER } from '../../../src/aws/taggerFunction/taggerJobRolePolicy.ts';
import { parseTaggerArguments } from '../../../src/aws/taggerFunction/taggerArguments.ts';
import { createUndoManifest } from '../../../src/aws/tagUndo/createUndoManifest.ts';
import { functionBuild } from '../../support/functionZips.ts';
import { startSandboxClients, type SandboxClients } from '../../support/sandboxClients.ts';

/** An object of a manifest. */
export interface Row {
  readonly key: string;
  readonly versionId?: string;
}

/** The tagger's very zip, as the build makes it. */
export async function readTaggerZip(): Promise<CodeZip> {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-'));
  try {
    await (await functionBuild()).buildFunctionZips(folder);
    const bytes = await readFile(join(folder, 'tagger.zip'));
    return { bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const REPORTS = 'reports/tags';

/** A sandbox with the tagger deployed for one bucket, and jobs that run to their end. */
export class TaggerWorld {
  readonly sandbox: SandboxClients;
  readonly code: CodeZip;
  /** The tagger may tag what is in it. */
  readonly bucket: string;
  /** The job's reports and manifests. */
  readonly assets: string;
  roleArn = '';

  private constructor(sandbox: SandboxClients, code: CodeZip, bucket: string, assets: string) {
    this.sandbox = sandbox;
    this.code = code;
    this.bucket = bucket;
    this.assets = assets;
  }

  static async open(options: Parameters<typeof startSandboxClients>[0] = {}): Promise<TaggerWorld> {
    const [sandbox, code] = await Promise.all([startSandboxClients(options), readTaggerZip()]);
    const world = new TaggerWorld(sandbox, code, await sandbox.bucket(), await sandbox.bucket());
    await world.deploy();
    return world;
  }

  get clients() {
    return this.sandbox.clients;
  }

  get functionArn(): string {
    return taggerArn(this.clients, this.clients.region);
  }

  async deploy(): Promise<void> {
    const { clients, bucket, assets, code } = this;
    const reports = [{ bucket: assets, prefix: REPORTS }];
    const target = { region: clients.region, buckets: [bucket], reports, code };
    this.roleArn = (await applyTagger(clients, await planTagger(clients, target))).roleArn;
  }

  /** Makes objects with these tags. */
  async put(objects: Readonly<Record<string, readonly Tag[]>>): Promise<void> {
    const { bucket } = this;
    const s3 = this.clients.s3();
    for (const [key, tags] of Object.entries(objects)) {
      await writeObject(s3, { bucket, key, body: Buffer.from('x') });
      if (tags.length > 0) await putObjectTags(s3, { bucket, key, tags });
    }
  }

  async tags(key: string, versionId?: string, bucket = this.bucket): Promise<Tag[]> {
    const found = await getObjectTags(this.clients.s3(), { bucket, key, versionId });
    return found.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  async keepVersions(): Promise<void> {
    const command = new PutBucketVersioningCommand({
      Bucket: this.bucket,
      VersioningConfiguration: { Status: 'Enabled' },
    });
    await this.clients.s3().send(command);
  }

  async manifest(rows: readonly Row[], bucket = this.bucket): Promise<ManifestObject> {
    const hasVersions = rows.some(({ versionId }) => versionId !== undefined);
    const lines = rows.map(({ key, versionId }) =>
      [bucket, encodeManifestKey(key), ...(hasVersions ? [versionId ?? ''] : [])].join(','),
    );
    const key = `${REPORTS}/${MANIFEST_FOLDER}${randomUUID()}.csv`;
    const body = Buffer.from(`${lines.join('\n')}\n`);
    const { eTag } = await writeObject(this.clients.s3(), { bucket: this.assets, key, body });
    const fields = hasVersions ? ['Bucket', 'Key', 'VersionId'] : ['Bucket', 'Key'];
    const format = 'S3BatchOperations_CSV_20180820';
    return { bucket: this.assets, key, eTag, format, fields } as ManifestObject;
  }

  input(manifest: ManifestObject): TaggerJobInput {
    return {
      manifest,
      functionArn: this.functionArn,
      roleArn: this.roleArn,
      report: { bucket: this.assets, prefix: REPORTS },
      priority: 10,
      clientRequestToken: randomUUID(),
    };
  }

  /** Runs a change over objects to its end. */
  async change(
    change: TagChange,
    rows: readonly Row[],
    more: Partial<TaggerJobInput> = {},
  ): Promise<Job> {
    const input = { ...this.input(await this.manifest(rows)), ...more, change };
    return await this.end(await createTagsJob(this.clients, input, { roleIsNew: false }));
  }

  /** Undoes a job by another. */
  async undo(job: Job, whenChanged: WhenChanged = 'keep'): Promise<Job> {
    const { clients, assets } = this;
    const report = { bucket: assets, prefix: REPORTS, jobId: job.jobId };
    const { key } = await findReport(clients.s3(), report);
    const work = parseTaggerArguments(job.invocation?.userArguments);
    const source = { bucket: assets, key, isTaggerUndo: work?.action.kind === 'undo' };
    const id = randomUUID();
    const { manifest } = await createUndoManifest(clients, { source, id, prefix: REPORTS });
    const input = { ...this.input(manifest), whenChanged };
    return await this.end(await createUndoJob(clients, input, { roleIsNew: false }));
  }

  async rows({ jobId }: Job): Promise<ReportRow[]> {
    const s3 = this.clients.s3();
    const report = await findReport(s3, { bucket: this.assets, prefix: REPORTS, jobId });
    const rows: ReportRow[] = [];
    for await (const batch of readReport(s3, report)) {
      rows.push(...batch.filter(row => 'taskStatus' in row));
    }
    return rows.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  /** Calls the function as S3 Batch Operations would, for one object. */
  async invoke(jobId: string, userArguments: Record<string, string>, key: string, s3Key?: string) {
    const payload = {
      invocationSchemaVersion: '2.0',
      invocationId: 'i',
      job: { id: jobId, userArguments },
      tasks: [
        {
          taskId: 't',
          s3Key: s3Key ?? encodeManifestKey(key),
          s3VersionId: null,
          s3Bucket: this.bucket,
        },
      ],
    };
    const { Payload } = await this.clients.lambda().send(
      new InvokeCommand({
        FunctionName: this.functionArn,
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
    const answer = JSON.parse(Buffer.from(Payload!).toString()) as {
      results: { resultCode: string; resultString: string }[];
    };
    return answer.results[0]!;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
  }

  private async end({ jobId }: { jobId: string }): Promise<Job> {
    for (;;) {
      const job = await describeJob(this.clients, { jobId, justCreated: true });
      if (isFinal(job.status)) return job;
      if (job.status === 'Suspended') await runJob(this.clients, { jobId });
      await delay(50);
    }
  }
}
