import type { Job } from '../aws/batchJobs/job.ts';

/** Whether a job invokes the tagger, whose report tells what was there before. */
export function isOfTagger({ operation, invocation }: Job): boolean {
  return operation === 'LambdaInvoke' && Object.hasOwn(invocation?.userArguments ?? {}, 'tagger');
}
