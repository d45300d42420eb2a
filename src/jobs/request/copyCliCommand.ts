import { env, l10n, window } from 'vscode';
import { cliCommand, shellOf } from '../../aws/batchJobs/request/cliCommand.ts';
import type { JobTarget } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { Jobs } from '../jobs.ts';
import { resolveJobOrAsk } from '../jobTargets.ts';
import { wholeRequest } from './ofJob.ts';

/** Copies the commands of the AWS CLI that make the same job again. */
export async function copyCliCommand(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, job: chosen } = await resolveJobOrAsk(jobs, target, {
    title: l10n.t('Copy as AWS CLI Commands'),
    placeholder: l10n.t('Select a job'),
    none: l10n.t('There are no batch jobs in this account.'),
    fits: () => true,
  });
  const job = await jobs.lists.of(chosen).describe(chosen, { session });
  const { readJobTags } = await import('../../aws/batchJobs/lineage.ts');
  const title = l10n.t('Reading the tags of the job');
  const tags = await withCancellableProgress({ title }, signal =>
    readJobTags(session.clients, { jobId: job.jobId, region: job.region }, { signal }),
  );
  const request = { ...wholeRequest(job), ...(tags.length > 0 && { Tags: tags }) };
  await copyCommand(session, request, job.region);
}

/** Copies the command of the AWS CLI that a request of CreateJob stands for. */
export async function copyCommand(
  { clients, connection }: Session,
  request: object,
  region: string,
): Promise<void> {
  const profile = /^profile:(.+)$/s.exec(connection.id)?.[1];
  const target = {
    accountId: clients.accountId,
    region,
    ...(profile !== undefined && { profile }),
    ...(clients.endpoint !== undefined && { endpoint: clients.endpoint }),
  };
  const shell = shellOf(env.shell);
  await env.clipboard.writeText(cliCommand(request, target, shell));
  const said =
    shell === 'bash'
      ? l10n.t('AWS CLI commands copied for sh, bash or zsh')
      : l10n.t('AWS CLI commands copied for PowerShell');
  window.setStatusBarMessage(said, 3_000);
}
