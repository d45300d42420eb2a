import type { Job } from '../aws/batchJobs/job.ts';

/** Whether a job invokes the tagger function, whose report records the previous tags. */
export function isTaggerJob({ operation, invocation }: Job): boolean {
  return operation === 'LambdaInvoke' && Object.hasOwn(invocation?.userArguments ?? {}, 'tagger');
}
