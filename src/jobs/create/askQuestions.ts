import { l10n } from 'vscode';
import { isGenerator } from '../../aws/batchJobs/jobManifest.ts';
import { MAX_DESCRIPTION_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { askText, runSteps, type PromptPosition, type Step } from '../../vscode/prompts.ts';
import { askForPriority } from './askPriority.ts';
import { askForReport } from './askReport.ts';
import { askForRole } from './askRole.ts';
import { bucketOf, type Question } from './draft.ts';
import type { Asking, JobFlow } from './flow.ts';

/**
 * Asks the questions that are left, with a Back button.
 *
 * @throws BrigadeError `Cancelled` when one is dismissed.
 */
export async function askQuestions(
  flow: JobFlow,
  left: readonly Question[],
  asking: Asking,
): Promise<void> {
  const steps = left.map((question): Step => {
    return async position => {
      // ARNs, URIs and tags are copied from elsewhere.
      const kept = { ...position, title: flow.title, keepOpen: true };
      await ask(flow, question, kept, asking);
      return undefined;
    };
  });
  await runSteps(steps);
}

async function ask(
  flow: JobFlow,
  question: Question,
  position: PromptPosition,
  asking: Asking,
): Promise<void> {
  const { draft, session, documents } = asking;
  switch (question) {
    case 'manifest':
      draft.manifest = await flow.askManifest(position, asking);
      return;
    case 'operation':
      draft.operation = await flow.askOperation(position, asking);
      return;
    case 'report': {
      const { manifest } = draft;
      const bucket = manifest === undefined ? '' : bucketOf(manifest);
      const isSource = manifest !== undefined && isGenerator(manifest);
      draft.report = await askForReport(position, { bucket, isSource }, draft.report);
      return;
    }
    case 'roleArn':
      draft.roleArn = await askForRole(position, session, documents, draft);
      return;
    case 'priority':
      draft.priority = await askForPriority(position, draft.priority);
      return;
    case 'description':
      draft.description = await askDescription(
        position,
        draft.description ?? flow.describe?.(draft),
      );
  }
}

async function askDescription(
  position: PromptPosition,
  value: string | undefined,
): Promise<string | undefined> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Description, shown as the job’s name (optional)'),
    placeholder: l10n.t('Leave empty to name the job after what it does'),
    ...(value !== undefined && { value }),
    validate: typed =>
      typed.trim().length > MAX_DESCRIPTION_LENGTH
        ? l10n.t('A description has {0} characters at most.', MAX_DESCRIPTION_LENGTH)
        : undefined,
  });
  return text.trim() === '' ? undefined : text.trim();
}
