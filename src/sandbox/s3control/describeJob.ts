import { authorize } from '../iam/authorize.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { jobArn } from './job.ts';
import { jobDescriptor } from './jobXml.ts';

export const describeJob: ControlOperation = (services, { caller, jobId }) => {
  authorize(services, caller, 's3:DescribeJob', jobArn(services.accountId, jobId));
  const job = findJob(services, jobId);
  return controlAnswer('DescribeJobResult', jobDescriptor(services.accountId, job));
};
