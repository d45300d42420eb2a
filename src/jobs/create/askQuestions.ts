import { l10n } from 'vscode';
import { MAX_DESCRIPTION_LENGTH } from '../../aws/jobRules.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { askText, runSteps, type PromptPosition, type Step } from '../../vscode/prompts.ts';
import type { Documents } from '../../vscode/documents.ts';
import { askForManifest } from './askManifest.ts';
import { askForPriority } from './askPriority.ts';
import { askForReport } from './askReport.ts';
import { askForRole } from './askRole.ts';
import { askForTags } from './askTags.ts';
import type { Draft, Question } from './draft.ts';
import { readManifestOf, settleProblems } from './readManifest.ts';

interface Asking {
  readonly session: Session;
  readonly documents: Documents;
  /** The answers are put here. */
  readonly draft: Draft;
  readonly left: readonly Question[];
  readonly from: S3Location | undefined;
}

/**
 * Asks the questions that are left, with a Back button.
 *
 * @throws BrigadeError `Cancelled` when one is dismissed.
 */
export async function askQuestions(asking: Asking): Promise<void> {
  const steps = asking.left.map((question): Step => {
    return async position => {
      const title = l10n.t('Create Tagging Job');
      // ARNs, URIs and tags are copied from elsewhere.
      await ask(question, { ...position, title, keepOpen: true }, asking);
      return undefined;
    };
  });
  await runSteps(steps);
}

async function ask(question: Question, position: PromptPosition, asking: Asking): Promise<void> {
  const { draft, session, documents } = asking;
  switch (question) {
    case 'manifest':
      draft.manifest = await askUsableManifest(position, asking);
      return;
    case 'tags':
      draft.tags = await askForTags(position, draft.tags);
      return;
    case 'report':
      draft.report = await askForReport(position, draft.manifest?.bucket ?? '', draft.report);
      return;
    case 'roleArn':
      draft.roleArn = await askForRole(position, session, documents, draft);
      return;
    case 'priority':
      draft.priority = await askForPriority(position, draft.priority);
      return;
    case 'description':
      draft.description = await askDescription(position, draft.description);
  }
}

async function askUsableManifest(
  position: PromptPosition,
  { session, documents, from, draft }: Asking,
): Promise<Draft['manifest']> {
  for (;;) {
    const place = await askForManifest(
      position,
      session,
      draft.manifest ? parent(draft.manifest) : from,
    );
    const read = await readManifestOf(session, place);
    const settled = await settleProblems(position, session, documents, read);
    if (settled !== 'another') return settled;
  }
}

/** The prefix an object lies in. */
function parent({ bucket, key }: { bucket: string; key: string }): S3Location {
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  return prefix === '' ? { bucket } : { bucket, key: prefix };
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
