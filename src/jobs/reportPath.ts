import type { JobTarget } from '../commands.ts';

/**
 * The folder of a report's document: whose job it is of, where, and which. Its buttons act on that job
 * whatever connection is in use by then.
 */
export function reportFolderOf({ jobId, region = '', session = '' }: JobTarget): string {
  return ['report', encodeURIComponent(session), region, jobId].join('/');
}

/** The job that a report's document is about, by its path; undefined for other documents. */
export function jobOfReport(path: string): JobTarget | undefined {
  const [, session = '', region, jobId] = /^\/report\/([^/]*)\/([^/]*)\/([^/]+)\//.exec(path) ?? [];
  if (jobId === undefined) return undefined;
  return {
    jobId,
    ...(region && { region }),
    ...(session !== '' && { session: decodeURIComponent(session) }),
  };
}
