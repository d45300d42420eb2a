import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import { requestTags } from '../../iam/authorizedRole.ts';
import type { Principal } from '../../principal.ts';
import { textElement } from '../../xml.ts';
import type { JobContext } from '../jobContext.ts';
import { controlAnswer } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { readCreateJobRequest } from './createJobRequest.ts';
import { jobArn } from '../job.ts';
import { BATCH_OPERATIONS } from '../jobRole.ts';
import { invalidRequest } from './requestLimits.ts';

const MAX_BODY = 1024 * 1024;

/** The manifest is not looked at: the job fails later when it can't be read, as on AWS. */
export const createJob: ControlOperation = async (context, { request, caller }) => {
  const body = await request.body.bytes(MAX_BODY);
  const { definition, priority, clientToken, tags } = readCreateJobRequest(body.toString('utf8'));
  const id = randomUUID();
  const ofTags = requestTags(tags);
  authorize(context, caller, 's3:CreateJob', '*', {
    ...ofTags,
    's3:RequestJobOperation': definition.operation.name,
    's3:RequestJobPriority': String(priority),
  });
  if (tags.length > 0) {
    authorize(context, caller, 's3:PutJobTagging', jobArn(context.accountId, id), ofTags);
  }
  checkRole(context, caller, definition.roleArn);
  const { table } = context.jobs;
  const fingerprint = JSON.stringify({ definition, priority, tags });
  const earlier = table.findByToken(clientToken);
  if (earlier !== undefined) {
    if (earlier.fingerprint === fingerprint) return created(earlier.id);
    throw new AwsError(
      'IdempotencyException',
      400,
      'Another job was created with this ClientRequestToken and other parameters.',
    );
  }
  const now = context.clock.now();
  table.insert({ id, clientToken, fingerprint, definition, priority, created: now, tags });
  context.jobs.wake();
  return created(id);
};

const created = (id: string) => controlAnswer('CreateJobResult', textElement('JobId', id));

/** What AWS checks at once; whether the role trusts batch operations shows when the job is prepared. */
function checkRole(context: JobContext, caller: Principal, roleArn: string): void {
  if (roleArn.split(':')[4] !== context.accountId) {
    throw new AwsError('AccessDenied', 403, 'Cross-account pass role is not allowed');
  }
  authorize(context, caller, 'iam:PassRole', roleArn, {
    'iam:PassedToService': BATCH_OPERATIONS,
  });
  if (context.iam.findByArn(roleArn) === undefined) {
    throw invalidRequest(`The role ${roleArn} does not exist.`);
  }
}
