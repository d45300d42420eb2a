import { stringify } from 'csv-stringify/sync';
import { BrigadeError, type ErrorCode } from '../errors.ts';
import type { TaggedObject } from '../objects/tags.ts';
import type { TagChangeProblem } from './tagChange.ts';

/** How a task failed, as S3 says it in a completion report. */
export interface TaskFailure {
  readonly status: number;
  /** `AccessDenied`, `NoSuchKey` …; of our own: `KeyExists`, `ChangedSince`. */
  readonly code: string;
  readonly message: string;
}

const STATUSES: Partial<Record<ErrorCode, number>> = {
  AccessDenied: 403,
  NotFound: 404,
  Conflict: 409,
  InvalidInput: 400,
  Throttled: 503,
};

/** What a request was refused with. */
export function failureOf(error: unknown): TaskFailure {
  const known = error instanceof BrigadeError ? error : undefined;
  const code = known?.code ?? 'Unknown';
  return {
    status: STATUSES[code] ?? 500,
    code: known?.awsCode ?? known?.reason ?? code,
    message: known?.awsMessage ?? (error instanceof Error ? error.message : String(error)),
  };
}

/** Why a change can't be made; English, as all of a report is. */
export function problemFailure(problem: TagChangeProblem): TaskFailure {
  switch (problem.kind) {
    case 'keyExists':
      return {
        status: 409,
        code: 'KeyExists',
        message: `The object has a tag of the key ${problem.key} already`,
      };
    case 'changedSince':
      return {
        status: 409,
        code: 'ChangedSince',
        message: `These tags were changed since: ${problem.keys.join(', ')}`,
      };
    case 'formerTagsLost':
      return {
        status: 404,
        code: 'FormerTagsLost',
        message: 'What held its former tags is missing or damaged',
      };
    case 'rule': {
      const { field, problem: rule } = problem.problem;
      if (rule === 'tooMany') {
        return {
          status: 400,
          code: 'TooManyTags',
          message: 'Object tags cannot be greater than 10',
        };
      }
      const message = `The ${field} of the tag ${problem.tag?.key ?? ''} breaks a rule: ${rule}`;
      return { status: 400, code: 'InvalidTag', message };
    }
  }
}

/** A row for an object whose tags are as they are wanted. */
export function succeededRow(object: TaggedObject, message: string): string {
  return csvRow([...place(object), 'succeeded', '200', '', message]);
}

export function failedRow(object: TaggedObject, { status, code, message }: TaskFailure): string {
  return csvRow([...place(object), 'failed', String(status), code, message]);
}

/** Bucket, key as a manifest has it, version. */
export function place({ bucket, key, versionId = '' }: TaggedObject): [string, string, string] {
  // Half a surrogate pair is in no key, but may be in a file of them: its row says that it failed.
  const encoded = key.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return [bucket, encoded, versionId];
}

export function csvRow(cells: readonly string[]): string {
  return stringify([cells], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}
