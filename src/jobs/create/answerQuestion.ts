import { ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import { MAX_DESCRIPTION_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ReportChoice } from '../../commands.ts';
import { BackPressed, askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { askForPriority } from '../askPriority.ts';
import { askForRole } from './askRole.ts';
import {
  bucketOf,
  describeDraft,
  parseReportPlace,
  type PromptContext,
  type JobFlow,
  type Question,
} from './draft.ts';

/**
 * Asks one question, with the answer that there is, and puts the new one in the draft.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function answer(
  flow: JobFlow,
  question: Question,
  position: PromptPosition,
  asking: PromptContext,
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
      // What was left as it was keeps following the other answers.
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
        ? l10n.t('A description can have up to {0} characters.', MAX_DESCRIPTION_LENGTH)
        : undefined,
  });
  return text.trim();
}

interface ReportItem extends QuickPickItem {
  readonly choice: ReportChoice | false | 'elsewhere';
}

/**
 * Asks where the completion report goes; the bucket of the manifest is the first choice. A bucket
 * whose objects S3 finds itself comes after any other: the next such job would find the report.
 *
 * @returns false for no report.
 * @throws BrigadeError `Cancelled`, BackPressed
 */
async function askForReport(
  position: PromptPosition,
  { bucket, isSource }: { readonly bucket: string; readonly isSource: boolean },
  before?: ReportChoice | false,
): Promise<ReportChoice | false> {
  for (;;) {
    const { choice } = await pick({
      ...position,
      placeholder: l10n.t('A completion report lists every object and its result'),
      items: reportItems(bucket, isSource, before),
      active: item => sameChoice(item.choice, before),
    });
    if (choice !== 'elsewhere') return choice;
    try {
      return await askElsewhere({ ...position, canGoBack: true }, before);
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function reportItems(
  bucket: string,
  isSource: boolean,
  before: ReportChoice | false | undefined,
): ReportItem[] {
  const detail = isSource
    ? l10n.t('The next job on the whole bucket would also process the report’s files.')
    : undefined;
  const items: ReportItem[] = (['AllTasks', 'FailedTasksOnly'] as const).map(scope => ({
    ...reportItem({ bucket, scope }),
    ...(detail !== undefined && { detail }),
  }));
  const elsewhere: ReportItem = {
    label: l10n.t('Another Bucket or Prefix…'),
    iconPath: new ThemeIcon('folder-opened'),
    choice: 'elsewhere',
  };
  if (isSource) items.unshift(elsewhere);
  else items.push(elsewhere);
  if (before && !items.some(item => sameChoice(item.choice, before))) {
    items.unshift(reportItem(before));
  }
  return [
    ...items,
    {
      label: l10n.t('No Report'),
      description: l10n.t('you won’t see which objects failed'),
      iconPath: new ThemeIcon('circle-slash'),
      choice: false,
    },
  ];
}

function reportItem(choice: ReportChoice): ReportItem {
  return {
    label:
      choice.scope === 'AllTasks'
        ? l10n.t('Report of All Tasks')
        : l10n.t('Report of Failed Tasks Only'),
    description: formatS3Uri({ bucket: choice.bucket, key: choice.prefix }),
    iconPath: new ThemeIcon('checklist'),
    choice,
  };
}

function sameChoice(one: ReportItem['choice'], other: ReportChoice | false | undefined): boolean {
  if (other === undefined || other === false || typeof one !== 'object') return one === other;
  return (
    one.bucket === other.bucket &&
    one.scope === other.scope &&
    (one.prefix ?? '') === (other.prefix ?? '')
  );
}

async function askElsewhere(
  position: PromptPosition,
  before: ReportChoice | false | undefined,
): Promise<ReportChoice> {
  const uri = await askText({
    ...position,
    prompt: l10n.t('Bucket and prefix of the report. The role must be allowed to write there.'),
    placeholder: 's3://bucket/prefix',
    value: before ? formatS3Uri({ bucket: before.bucket, key: before.prefix }) : 's3://',
    validate: text =>
      parseReportPlace(text) ? undefined : l10n.t('For example: s3://my-bucket/reports'),
  });
  const { scope } = await pick({
    ...position,
    placeholder: l10n.t('Select the scope of the report'),
    items: [
      { label: l10n.t('All Tasks'), scope: 'AllTasks' as const },
      { label: l10n.t('Failed Tasks Only'), scope: 'FailedTasksOnly' as const },
    ],
  });
  return { ...parseReportPlace(uri), scope } as ReportChoice;
}
