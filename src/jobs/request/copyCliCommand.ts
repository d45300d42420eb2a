import { env, l10n, window } from 'vscode';
import { cliCommand, shellOf } from '../../aws/batchJobs/request/cliCommand.ts';
import type { JobTarget } from '../../commands.ts';
import type { Session } from '../../services.ts';
import type { Jobs } from '../jobs.ts';
import { reachOrAsk } from '../jobTargets.ts';
import { wholeRequest } from './ofJob.ts';

/** Copies the command of the AWS CLI that makes the same job again. */
export async function copyCliCommand(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, job: chosen } = await reachOrAsk(jobs, target, {
    title: l10n.t('Copy as AWS CLI Command'),
    placeholder: l10n.t('Select a job'),
    none: l10n.t('There are no batch jobs in this account.'),
    fits: () => true,
  });
  const job = await jobs.lists.of(chosen).describe(chosen, { session });
  await copyCommand(session, wholeRequest(job), job.region);
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
      ? l10n.t('AWS CLI command copied for bash')
      : l10n.t('AWS CLI command copied for PowerShell');
  window.setStatusBarMessage(said, 3_000);
}
