import { createHash } from 'node:crypto';
import { reportFolder } from '../batchJobs/reportFolder.ts';
import { fromPairs, toPairs } from '../tagChanges/formerTags.ts';
import type { FormerTags } from '../tagChanges/revert.ts';

/** An object whose former tags are in a record of their own, as the tagger and its undo write them. */
export interface TagRecord extends FormerTags {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** The folder of a job's records, beside its report; S3 is given the prefix without a slash at its end. */
export function recordFolder(prefix: string | undefined, jobId: string): string {
  return `${reportFolder(prefix?.replace(/\/+$/, ''), jobId)}before/`;
}

/** A record's name in its folder, as the tagger makes it (`lambda/tagger/record.ts`). */
export function recordName({ bucket, key, versionId }: Omit<TagRecord, keyof FormerTags>): string {
  const name = JSON.stringify([bucket, key, versionId ?? '']);
  return `${createHash('sha256').update(name).digest('hex').slice(0, 40)}.json`;
}

/** A record as it is written. */
export function formatRecord({ bucket, key, versionId, before, after }: TagRecord): string {
  return JSON.stringify({
    bucket,
    key,
    ...(versionId !== undefined && { versionId }),
    before: toPairs(before),
    ...(after && { after: toPairs(after) }),
  });
}

/** Reads a record; undefined where it is none. */
export function parseRecord(text: string): TagRecord | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    const { bucket, key, versionId } = value ?? {};
    const before = fromPairs(value?.['before']);
    const after = fromPairs(value?.['after']);
    if (typeof bucket !== 'string' || typeof key !== 'string' || before === undefined) {
      return undefined;
    }
    const version = typeof versionId === 'string' ? { versionId } : {};
    return { bucket, key, ...version, before, ...(after && { after }) };
  } catch {
    return undefined;
  }
}
