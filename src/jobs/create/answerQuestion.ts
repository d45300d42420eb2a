import { l10n } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { MAX_DESCRIPTION_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { askText, type PromptPosition } from '../../vscode/prompts.ts';
import { askForPriority } from './askPriority.ts';
import { askForReport } from './askReport.ts';
import { askForRole } from './askRole.ts';
import { bucketOf, describeDraft, type Question } from './draft.ts';
import type { Asking, JobFlow } from './flow.ts';

/**
 * Asks one question, with the answer that there is, and puts the new one in the draft.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function answer(
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
    case 'description': {
      const usual = flow.describe?.(draft) ?? describeDraft(draft);
      const text = await askDescription(position, draft.description ?? usual);
      // What was left as it was goes on following the other answers.
      if (text === '' || text === usual) delete draft.description;
      else draft.description = text;
    }
  }
}

async function askDescription(position: PromptPosition, value: string): Promise<string> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Description, shown as the job’s name (optional)'),
    placeholder: l10n.t('Leave empty to name the job after what it does'),
    value,
    validate: typed =>
      typed.trim().length > MAX_DESCRIPTION_LENGTH
        ? l10n.t('A description has {0} characters at most.', MAX_DESCRIPTION_LENGTH)
        : undefined,
  });
  return text.trim();
}
