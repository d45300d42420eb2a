/**
 * The prefix under which S3 writes a job's report: `<prefix>/job-<id>/` (Amazon S3 user guide,
 * "Examples: S3 Batch Operations completion reports"). S3 takes the prefix as it is: one that ends in
 * `/` gives `reports//job-<id>/`, as reports of real jobs show. Nothing here loads the AWS SDK.
 */
export function reportFolder(prefix: string | undefined, jobId: string): string {
  return prefix === undefined || prefix === '' ? `job-${jobId}/` : `${prefix}/job-${jobId}/`;
}

/**
 * The id in the key of a report's manifest.json: of a job, or of a change that was made directly and
 * reported in the same form (`direct-<id>/`). Undefined for other keys.
 */
export function reportedId(key: string): { kind: 'job' | 'direct'; id: string } | undefined {
  const [, kind, id] = /(?:^|\/)(job|direct)-([\w-]+)\/manifest\.json$/.exec(key) ?? [];
  return id === undefined ? undefined : { kind: kind === 'job' ? 'job' : 'direct', id };
}
