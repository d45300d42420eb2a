import type { ObjectAddress } from '../s3/s3.ts';
import { permanent } from './fault.ts';
import type { ChangedTag, Former } from './revert.ts';
import { isTags } from './tag.ts';

/** A task of S3 Batch Operations, invocation schema 2.0 (Amazon S3 user guide, "Invoke AWS Lambda function"). */
export interface BatchTask {
  readonly taskId: string;
  /** As it stands in the manifest: URL-encoded. */
  readonly s3Key: string;
  readonly s3VersionId?: string | null;
  readonly s3Bucket: string;
}

export interface BatchEvent {
  readonly invocationSchemaVersion: string;
  readonly invocationId: string;
  readonly job: {
    readonly id: string;
    readonly userArguments?: Readonly<Record<string, unknown>> | null;
  };
  readonly tasks: readonly BatchTask[];
}

/** Whether it is an invocation by S3 Batch Operations that can carry user arguments. */
export function isBatchEvent(event: unknown): event is BatchEvent {
  const { invocationSchemaVersion: version, job, tasks } = Object(event) as Partial<BatchEvent>;
  const isTask = ({ taskId, s3Key, s3Bucket }: Partial<BatchTask>): boolean =>
    [taskId, s3Key, s3Bucket].every(text => typeof text === 'string');
  return (
    version === '2.0' &&
    typeof job?.id === 'string' &&
    Array.isArray(tasks) &&
    tasks.every(task => isTask(Object(task) as Partial<BatchTask>))
  );
}

/** What an undo's row says: the object, and its former tags or where their record is. */
export interface UndoTask {
  /** Its key is empty where only the record knows it. */
  readonly object: ObjectAddress;
  readonly former: Former | { readonly recordKey: string };
}

/** The object of a task whose key column holds a key. @throws Fault permanent `InvalidTask` */
export function objectOf(task: BatchTask): ObjectAddress {
  return { bucket: task.s3Bucket, key: decode(task.s3Key), versionId: versionOf(task) };
}

/**
 * An undo's task. Its key column holds JSON (Amazon S3 user guide, "Providing task-level information in
 * Lambda manifests"): `k` the key, and either `c` the tags that were changed, `t` the whole former set, or
 * `r` the key of the record in the report's bucket.
 *
 * @throws Fault permanent `InvalidTask`
 */
export function undoTaskOf(task: BatchTask): UndoTask {
  const text = decode(task.s3Key);
  const { k: key, c: changed, t: whole, r: recordKey } = parse(text);
  const object = { bucket: task.s3Bucket, versionId: versionOf(task) };
  if (typeof recordKey === 'string') {
    return {
      object: { ...object, key: typeof key === 'string' ? key : '' },
      former: { recordKey },
    };
  }
  if (typeof key === 'string' && areChanged(changed)) {
    return { object: { ...object, key }, former: { changed } };
  }
  if (typeof key === 'string' && isTags(whole)) {
    return { object: { ...object, key }, former: { whole } };
  }
  throw invalid(text);
}

function areChanged(value: unknown): value is ChangedTag[] {
  const isText = (text: unknown): boolean => text === null || typeof text === 'string';
  return (
    Array.isArray(value) &&
    value.every(
      (each: unknown) =>
        Array.isArray(each) &&
        each.length === 3 &&
        typeof each[0] === 'string' &&
        each.every(isText),
    )
  );
}

function versionOf({ s3VersionId }: BatchTask): string | undefined {
  return s3VersionId === null || s3VersionId === '' ? undefined : s3VersionId;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw invalid(text);
  }
}

/** In a manifest a space may be `+`, as S3 reads it. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw invalid(encoded);
  }
}

function invalid(text: string): Error {
  return permanent('InvalidTask', `The key column can't be read: ${text.slice(0, 200)}`);
}
