import { authorize } from '../iam/authorize.ts';
import { childOf, parseXml } from '../xml.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { jobArn } from './job.ts';
import { checkTags, readTags } from './jobTags.ts';
import { tagsXml } from './jobXml.ts';

const MOST_TAGS = 50;
const MAX_BODY = 1024 * 1024;

export const getJobTagging: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:GetJobTagging', jobArn(context.accountId, jobId));
  const job = findJob(context, jobId);
  return controlAnswer('GetJobTaggingResult', tagsXml('Tags', job.tags));
};

/** Replaces all tags of the job. */
export const putJobTagging: ControlOperation = async (context, { request, caller, jobId }) => {
  const body = await request.body.bytes(MAX_BODY);
  const root = parseXml(body.toString('utf8'), 'PutJobTaggingRequest');
  const tags = readTags(childOf(root, 'Tags'));
  authorize(context, caller, 's3:PutJobTagging', jobArn(context.accountId, jobId), {
    'aws:TagKeys': tags.map(tag => tag.key),
    ...Object.fromEntries(tags.map(tag => [`aws:RequestTag/${tag.key}`, tag.value])),
  });
  findJob(context, jobId);
  checkTags(tags, MOST_TAGS);
  context.jobs.table.update(jobId, { tags });
  return controlAnswer('PutJobTaggingResult');
};

export const deleteJobTagging: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:DeleteJobTagging', jobArn(context.accountId, jobId));
  findJob(context, jobId);
  context.jobs.table.update(jobId, { tags: [] });
  return controlAnswer('DeleteJobTaggingResult');
};
