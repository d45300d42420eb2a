import { l10n } from 'vscode';
import { createJob as awsCreateJob, type CreateJobInput } from '../../aws/batchJobs/createJob.ts';
import { jobRequest } from '../../aws/batchJobs/request/jobRequest.ts';
import { functionAccount, plainFunctionName } from '../../aws/functionArn.ts';
import { preflight, type Preflight } from '../../aws/preflight/preflight.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';
import { createInputOf, type JobInput } from '../jobInput.ts';
import type { ActingTool, ToolCall } from '../tool.ts';
import { objectsText } from './whatAndWhere.ts';

/** Creates a job that waits: nothing happens to any object before it is run. */
export const createJob: ActingTool = {
  kind: 'acting',
  async plan({ session, input, signal }: ToolCall<JobInput>) {
    const { clients, identity } = session;
    const wanted = await createInputOf(session, input, signal);
    const request = jobRequest(clients, wanted);
    const found = await preflight(clients, request, { callerArn: identity.arn }, { signal });
    return {
      title: l10n.t('Create a batch job that waits for confirmation?'),
      paragraphs: paragraphsOf(wanted, found, session),
      act: async now => {
        const job = await awsCreateJob(now.session.clients, wanted, { signal: now.signal });
        const notes = [
          'The job was created and waits. It changes no object before it is run.',
          'The user can run or cancel it in the Batch Jobs view.',
        ];
        return { region: job.region, notes, rows: [job], changed: { jobs: true } };
      },
    };
  },
};

function paragraphsOf(
  { operation, manifest, roleArn, report }: CreateJobInput,
  found: Preflight,
  { clients, identity }: Session,
): string[] {
  const objects =
    found.objects === undefined ? l10n.t('not counted') : formatObjects(found.objects);
  const failed = found.checks.filter(({ status }) => status === 'failed').length;
  return [
    escapeMarkdown(operationText(operation, identity.accountId)),
    escapeMarkdown(l10n.t('Objects: {0}, {1}', objectsText(manifest), objects)),
    escapeMarkdown(l10n.t('Region: {0}', found.region ?? clients.region)),
    escapeMarkdown(l10n.t('Role: {0}', roleArn)),
    escapeMarkdown(l10n.t('Completion report: {0}', report ? reportText(report) : l10n.t('none'))),
    ...(failed > 0
      ? [escapeMarkdown(l10n.t('{0} checks failed: the job may fail.', formatCount(failed)))]
      : []),
    escapeMarkdown(l10n.t('Nothing changes until you run the job.')),
  ];
}

function operationText(operation: CreateJobInput['operation'], ownAccount: string): string {
  if (operation.name === 'LambdaInvoke') {
    const { functionArn } = operation;
    // A name would hide that it is somebody else's, who is told the keys.
    const isOwn = functionAccount(functionArn) === ownAccount;
    const name = isOwn ? plainFunctionName(functionArn) : functionArn;
    return l10n.t('Invoke {0} for each object.', name);
  }
  const tags = operation.name === 'S3PutObjectTagging' ? operation.tags : [];
  return l10n.t(
    'Replace all tags of each object by: {0}',
    tags.map(({ key, value }) => `${key} = ${value}`).join(', '),
  );
}

function reportText({ bucket, prefix }: { bucket: string; prefix?: string }): string {
  return formatS3Uri({ bucket, ...(prefix !== undefined && { key: prefix }) });
}
