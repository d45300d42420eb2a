import type { JobTarget } from '../commands.ts';

/** Distinguishes jobs: a job's id is one within its Region. */
export function jobKey({ jobId, region = '' }: JobTarget): string {
  return `${region}/${jobId}`;
}
