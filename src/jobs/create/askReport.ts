import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ReportChoice } from '../../commands.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { parseReportPlace } from './reportPlace.ts';

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
export async function askForReport(
  position: PromptPosition,
  { bucket, isSource }: { readonly bucket: string; readonly isSource: boolean },
  before?: ReportChoice | false,
): Promise<ReportChoice | false> {
  for (;;) {
    const { choice } = await pick({
      ...position,
      placeholder: l10n.t('A report lists every object and what became of it'),
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
    ? l10n.t('The next job on the whole bucket would go over the report’s files too.')
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
      description: l10n.t('you will not see which objects failed'),
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
    prompt: l10n.t('Bucket and prefix of the report; the role must be allowed to write there'),
    placeholder: 's3://bucket/prefix',
    value: before ? formatS3Uri({ bucket: before.bucket, key: before.prefix }) : 's3://',
    validate: text =>
      parseReportPlace(text) ? undefined : l10n.t('For example: s3://my-bucket/reports'),
  });
  const { scope } = await pick({
    ...position,
    placeholder: l10n.t('Which tasks should the report list?'),
    items: [
      { label: l10n.t('All Tasks'), scope: 'AllTasks' as const },
      { label: l10n.t('Failed Tasks Only'), scope: 'FailedTasksOnly' as const },
    ],
  });
  return { ...parseReportPlace(uri), scope } as ReportChoice;
}
