import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { readReportManifest } from '../../src/aws/batchJobs/completionReport.ts';
import { readReport, type ReportRow } from '../../src/aws/batchJobs/reportRows.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { runDirectTask, type DirectOptions } from '../../src/aws/tagChanges/directEngine.ts';
import { applyTagChange, type TagChange } from '../../src/aws/tagChanges/tagChange.ts';
import type { WorkItem } from '../../src/aws/tagChanges/workList.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { tag } from '../support/tagChangeCases.ts';

export const REPORTS = 'reports';

/** A sandbox with buckets of tagged objects, and what tests ask of them. */
export class TagWorld {
  readonly on: SandboxClients;

  private constructor(on: SandboxClients) {
    this.on = on;
  }

  static async start(): Promise<TagWorld> {
    return new TagWorld(await startSandboxClients());
  }

  get clients(): AwsClients {
    return this.on.clients;
  }

  /** A bucket of so many objects `o/0000`, each with the tag `a=1` and `n=` its number. */
  async bucketOf(count: number): Promise<string> {
    const bucket = await this.on.bucket();
    const put = async (number: number): Promise<void> => {
      await this.clients.s3().send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: keyOf(number),
          Body: 'x',
          Tagging: `a=1&n=${number}`,
        }),
      );
    };
    for (let from = 0; from < count; from += 40) {
      const numbers = Array.from({ length: Math.min(40, count - from) }, (_, at) => from + at);
      await Promise.all(numbers.map(put));
    }
    return bucket;
  }

  /** Sorted, as `key=value`. */
  async tagsOf(bucket: string, key: string, versionId?: string): Promise<string[]> {
    const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId });
    const { TagSet = [] } = await this.clients.s3().send(command);
    return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).sort();
  }

  async retag(bucket: string, key: string, texts: readonly string[]): Promise<void> {
    const TagSet = texts.map(tag).map(each => ({ Key: each.key, Value: each.value }));
    const command = new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet } });
    await this.clients.s3().send(command);
  }

  async rows({ bucket, key }: { bucket: string; key: string }): Promise<ReportRow[]> {
    const client = this.clients.s3();
    const report = await readReportManifest(client, { bucket, key });
    const rows: ReportRow[] = [];
    for await (const entries of readReport(client, report)) {
      for (const entry of entries) {
        if ('damage' in entry) throw new Error(JSON.stringify(entry));
        rows.push(entry);
      }
    }
    return rows;
  }
}

export function keyOf(number: number): string {
  return `o/${String(number).padStart(4, '0')}`;
}

export function itemsOf(bucket: string, count: number): WorkItem[] {
  return Array.from({ length: count }, (_, at) => ({ object: { bucket, key: keyOf(at) } }));
}

/** A folder that is gone when the test has ended. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-tags-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Changes the tags of objects; the report goes to their own bucket. */
export async function change(
  clients: AwsClients,
  input: {
    readonly items: readonly WorkItem[];
    readonly change: TagChange;
    readonly folder?: string;
    readonly id?: string;
  },
  options: DirectOptions = {},
) {
  const bucket = input.items[0]?.object.bucket ?? '';
  return await runDirectTask(
    clients,
    {
      id: input.id ?? 'test',
      folder: input.folder ?? (await temporaryFolder()),
      report: { bucket, prefix: REPORTS },
      facts: { engine: 'direct', change: input.change },
      // eslint-disable-next-line @typescript-eslint/require-await -- as the real ones are
      items: async function* () {
        yield input.items;
      },
      plan: (_, current) => applyTagChange(current, input.change),
    },
    options,
  );
}
