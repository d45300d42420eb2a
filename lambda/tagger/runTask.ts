import type { S3 } from '../s3/s3.ts';
import { faultOf, permanent } from './fault.ts';
import { readRecord, type RecordFolder } from './record.ts';
import { changedBetween, revert, type Former } from './revert.ts';
import type { Tag } from './tag.ts';
import { applyChange, type Changed } from './tagChange.ts';
import { tagObject, type Tagged, type TagRequest } from './tagObject.ts';
import { objectOf, undoTaskOf, type BatchTask } from './task.ts';
import type { Work } from './work.ts';

/** A result as S3 Batch Operations takes it. */
export interface TaskResult {
  readonly taskId: string;
  readonly resultCode: 'Succeeded' | 'TemporaryFailure' | 'PermanentFailure';
  readonly resultString: string;
}

/** A result's text becomes a cell of the completion report. */
const MAX_RESULT = 1024;
/** Milliseconds that are kept for the writes. */
const RESERVED_MS = 5_000;

export interface TaskTools {
  readonly s3: S3;
  readonly millisecondsLeft: () => number;
}

/** Does a task. Faults are reported in the result, never thrown. */
export async function runTask(
  { s3, millisecondsLeft }: TaskTools,
  jobId: string,
  readJob: () => Work,
  task: BatchTask,
): Promise<TaskResult> {
  const { taskId } = task;
  try {
    const work = readJob();
    const folder = folderOf(work, jobId);
    const { object, change, isNamed } = await readTask(s3, work, task);
    const tagged = await tagObject(s3, {
      object,
      change,
      folder,
      recordsAll: work.record === 'always',
      // Of a row without a key only the record says which object it was.
      isLarge: (before, after) => !isNamed || !fits(answerOf({ before, after })),
      hasTime: () => millisecondsLeft() > RESERVED_MS,
    });
    return { taskId, resultCode: 'Succeeded', resultString: resultString(tagged, isNamed) };
  } catch (error) {
    const { isTemporary, name, message } = faultOf(error);
    const resultCode = isTemporary ? 'TemporaryFailure' : 'PermanentFailure';
    return { taskId, resultCode, resultString: cut(`${name}: ${message}`) };
  }
}

/** S3 puts `/job-…` after the prefix itself. */
function folderOf({ report: { bucket, prefix } }: Work, jobId: string): RecordFolder {
  return { bucket, prefix: `${prefix === '' ? '' : `${prefix}/`}job-${jobId}/before/` };
}

/** What a task asks for, and whether its row has the object's key. */
type TaskRequest = Pick<TagRequest, 'object' | 'change'> & { readonly isNamed: boolean };

async function readTask(s3: S3, { action, report }: Work, task: BatchTask): Promise<TaskRequest> {
  if (action.kind !== 'undo') {
    const change = (current: readonly Tag[]): Changed => applyChange(current, action);
    return { object: objectOf(task), change, isNamed: true };
  }
  const { whenChanged } = action;
  const { object, former } = undoTaskOf(task);
  if (!('recordKey' in former)) {
    return { object, change: current => revert(current, former, whenChanged), isNamed: true };
  }
  const { recordKey } = former;
  const record = await readRecord(s3, { bucket: report.bucket, key: recordKey });
  if (record === undefined) {
    throw permanent('NoSuchRecord', `s3://${report.bucket}/${recordKey} is not there`);
  }
  const { bucket, key, versionId, before, after } = record;
  const found: Former =
    after === undefined ? { whole: before } : { changed: changedBetween(before, after) };
  // The row's bucket and version are what the job was given permission for.
  if (bucket !== object.bucket) {
    throw permanent(
      'InvalidTask',
      `The record is of an object in ${bucket}, not in ${object.bucket}`,
    );
  }
  return {
    object: { bucket, key, versionId },
    change: current => revert(current, found, whenChanged),
    isNamed: object.key !== '',
  };
}

function answerOf({ before, after }: Pick<Tagged, 'before' | 'after'>): string {
  return JSON.stringify({ before, after });
}

function resultString(tagged: Tagged, isNamed: boolean): string {
  const answer = answerOf(tagged);
  return isNamed && fits(answer) ? answer : JSON.stringify({ beforeKey: tagged.recordKey });
}

/** Whether it is counted in characters or in bytes is not said. */
function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_RESULT;
}

/** Half of a surrogate pair would not survive the JSON. */
function cut(text: string): string {
  return text.slice(0, MAX_RESULT).replace(/[\ud800-\udbff]$/, '');
}
