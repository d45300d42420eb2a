import { Fault, type FaultKind } from './fault.ts';
import type { S3Error } from '../s3/s3Error.ts';

/** S3 answers these with a status that would say something else. */
const KINDS: Readonly<Record<string, FaultKind>> = {
  NoSuchKey: 'permanent',
  NoSuchVersion: 'permanent',
  // Archived (S3 Glacier): a restore takes hours, so it will not be there at the next try.
  InvalidObjectState: 'permanent',
  NoSuchBucket: 'configuration',
  RequestTimeout: 'transient',
  RequestTimeTooSkewed: 'transient',
};

/**
 * What an error of an S3 call means.
 *
 * @param doing e.g. `read s3://bucket/key`
 */
export function s3Fault(error: unknown, doing: string): Fault {
  if (error instanceof Fault) return error;
  const { name, message, status } = error as Partial<S3Error> & Error;
  const kind = KINDS[name] ?? kindOfStatus(status);
  return new Fault(kind, name, `Could not ${doing}: ${message}${hint(name, doing)}`, {
    cause: error,
  });
}

function kindOfStatus(status: number | undefined): FaultKind {
  if (status === undefined || status === 429 || status >= 500) return 'transient';
  // Delete markers answer 405.
  return status === 404 || status === 405 ? 'permanent' : 'configuration';
}

function hint(name: string, doing: string): string {
  if (name !== 'AccessDenied') return '';
  return doing.startsWith('read s3:')
    ? // S3 tells only those who may list a bucket that a key is not there.
      " (the function's role lacks s3:GetObject, or the object is gone and the role lacks s3:ListBucket)"
    : " (the function's role lacks a permission)";
}
