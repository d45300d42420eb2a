import { ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import type { OperationName } from '../../aws/batchJobs/jobOperation.ts';
import { OPERATION_NAMES } from '../../aws/batchJobs/operations/operations.ts';
import type { JobTarget } from '../../commands.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pick } from '../../vscode/prompts.ts';
import type { Jobs } from '../jobs.ts';
import { resolveJobOrAsk } from '../jobTargets.ts';
import { jobName } from '../jobName.ts';
import { operationIcon, operationLabel } from '../operations/operationLabel.ts';
import { wholeRequest } from './ofJob.ts';
import { openRequest } from './requestDocument.ts';
import { requestTemplate } from './requestTemplate.ts';

interface TemplateItem extends QuickPickItem {
  readonly name: OperationName;
}

/** Opens a document to create a job from, with what the chosen operation takes. */
export async function newRequest(jobs: Jobs): Promise<void> {
  const session = await jobs.connections.session();
  const { name } = await pick<TemplateItem>({
    title: titleWithOwner(session, l10n.t('Create Job from JSON')),
    placeholder: l10n.t('Select an operation'),
    items: OPERATION_NAMES.map(each => ({
      label: operationLabel(each),
      description: each,
      iconPath: new ThemeIcon(operationIcon({ name: each })),
      name: each,
    })),
  });
  await openRequest(name, requestTemplate(name, session.clients.partition), session);
}

/** Opens all that a job was asked as a document, to create another one like it. */
export async function editAsJson(jobs: Jobs, target: JobTarget | undefined): Promise<void> {
  const { session, job: chosen } = await resolveJobOrAsk(jobs, target, {
    title: l10n.t('Clone Job as JSON'),
    placeholder: l10n.t('Select a job to clone'),
    none: l10n.t('There is no job that can be cloned.'),
    fits: () => true,
  });
  const job = await jobs.lists.of(chosen).describe(chosen, { session });
  await openRequest(jobName(job).slice(0, 40), wholeRequest(job), session);
}
