import { authorize } from '../iam/authorize.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { jobArn } from './job.ts';
import { jobDescriptor } from './jobXml.ts';

export const describeJob: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:DescribeJob', jobArn(context.accountId, jobId));
  const job = findJob(context, jobId);
  return controlAnswer('DescribeJobResult', jobDescriptor(context.accountId, job));
};
