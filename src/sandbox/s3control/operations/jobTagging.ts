import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import { childOf, parseXml, childText, childrenOf } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { jobArn } from '../job.ts';
import type { Tag } from '../job.ts';
import { PUT_JOB_TAGGING } from './jobShapes.ts';
import { tagsXml } from './jobXml.ts';

const MAX_TAGS = 50;
const MAX_BODY = 1024 * 1024;

export const getJobTagging: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:GetJobTagging', jobArn(context.accountId, jobId));
  const job = findJob(context, jobId);
  return controlAnswer('GetJobTaggingResult', tagsXml('Tags', job.tags));
};

/** Replaces all tags of the job. */
export const putJobTagging: ControlOperation = async (context, { request, caller, jobId }) => {
  const body = await request.body.bytes(MAX_BODY);
  const root = parseXml(body.toString('utf8'), ['PutJobTaggingRequest', PUT_JOB_TAGGING]);
  const tags = readTags(childOf(root, 'Tags'));
  authorize(context, caller, 's3:PutJobTagging', jobArn(context.accountId, jobId), {
    'aws:TagKeys': tags.map(tag => tag.key),
    ...Object.fromEntries(tags.map(tag => [`aws:RequestTag/${tag.key}`, tag.value])),
  });
  findJob(context, jobId);
  checkTags(tags, MAX_TAGS);
  context.jobs.table.update(jobId, { tags });
  return controlAnswer('PutJobTaggingResult');
};

export const deleteJobTagging: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:DeleteJobTagging', jobArn(context.accountId, jobId));
  findJob(context, jobId);
  context.jobs.table.update(jobId, { tags: [] });
  return controlAnswer('DeleteJobTaggingResult');
};

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Reads `<member><Key/><Value/></member>` children. */
export function readTags(element: XmlElement | undefined): Tag[] {
  return childrenOf(element, 'member').map(member => ({
    key: childText(member, 'Key') ?? '',
    value: childText(member, 'Value') ?? '',
  }));
}

/**
 * Holds tags against AWS's limits: key 1 to 128 characters, value up to 256, no key twice, none of AWS's
 * own (`aws:`).
 * @throws AwsError InvalidTag, or TooManyTagsException over `limit`
 */
export function checkTags(tags: readonly Tag[], limit: number): void {
  if (tags.length > limit) {
    throw new AwsError('TooManyTagsException', 400, `There can be no more than ${limit} tags.`);
  }
  if (new Set(tags.map(tag => tag.key)).size < tags.length) {
    throw invalidTag('Cannot provide multiple Tags with the same key');
  }
  for (const { key, value } of tags) {
    if (key === '' || key.length > 128 || !CHARACTERS.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid');
    }
    if (value.length > 256 || !CHARACTERS.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid');
    }
    if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester');
  }
}

function invalidTag(message: string): AwsError {
  return new AwsError('InvalidTag', 400, message);
}
