import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { warningsOf } from '../../aws/batchJobs/operations/operations.ts';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { Documents } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { CompleteDraft, Question } from './draft.ts';
import { operationIcon, operationLabel } from '../operations/operationLabel.ts';
import { operationSummary } from '../operations/operationText.ts';
import { warningText } from '../operations/warningText.ts';
import { columnsText, manifestNotes } from './manifestFacts.ts';
import { foundText, reportText, summaryLines, effectText } from './summary.ts';

/** What is done with the summary: a job is made, or an answer given again. */
export type SummaryChoice = 'create' | 'run' | 'check' | 'json' | Question;

interface SummaryItem extends QuickPickItem {
  readonly choice?: SummaryChoice | 'show' | 'copy';
}

export interface SummaryOptions {
  readonly documents: Documents;
  readonly draft: CompleteDraft;
  /** What the job is called unless it is called otherwise. */
  readonly name: string;
  /** Copies what would be created as a command of the AWS CLI. */
  copyCommand(): Promise<void>;
  /** Where the job will be, if that is another Region than the connection's. */
  readonly region?: string;
}

/**
 * Shows what would be created. Each answer can be chosen, to give another; the whole can be read in a
 * document beside it.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askSummary(
  position: PromptPosition,
  options: SummaryOptions,
): Promise<SummaryChoice> {
  // After something was shown or copied, Enter does not create the job.
  let last: SummaryItem['choice'] = 'create';
  for (;;) {
    const { choice } = await pick<SummaryItem>({
      ...position,
      placeholder: effectText(options.draft),
      items: summaryItems(options),
      active: item => item.choice === last,
      matchOnDescription: true,
    });
    if (choice === 'show') await showSummary(options);
    else if (choice === 'copy') await options.copyCommand();
    else if (choice !== undefined) return choice;
    last = choice ?? last;
  }
}

function summaryItems({ draft, name, region }: SummaryOptions): SummaryItem[] {
  const { manifest, operation, report, roleArn, priority } = draft;
  const answer = (
    choice: Question | undefined,
    icon: string,
    label: string,
    description: string,
  ): SummaryItem => ({
    label,
    description: visible(description),
    iconPath: new ThemeIcon(icon),
    ...(choice && { choice }),
  });
  return [
    {
      label: l10n.t('Create Job'),
      description: l10n.t('changes nothing until you run it'),
      iconPath: new ThemeIcon('check'),
      choice: 'create',
    },
    {
      label: l10n.t('Create and Run'),
      description: l10n.t('runs immediately; its changes can’t be undone'),
      iconPath: new ThemeIcon('play'),
      choice: 'run',
    },
    {
      label: l10n.t('Check Job'),
      description: l10n.t('manifest, Region, role, events and cost, before it is created'),
      iconPath: new ThemeIcon('checklist'),
      choice: 'check',
    },
    { label: l10n.t('Change'), kind: QuickPickItemKind.Separator },
    answer('manifest', 'files', l10n.t('Objects'), foundText(manifest)),
    // What a manifest of two columns is taken for goes without saying.
    ...(isGenerator(manifest) || manifest.fields.length <= 2
      ? []
      : [
          answer(
            'manifest',
            'split-horizontal',
            l10n.t('Columns'),
            [columnsText(manifest), ...manifestNotes(manifest)].join(' · '),
          ),
        ]),
    answer(
      'operation',
      operationIcon(operation),
      answerLabel(operation.name),
      operationSummary(operation),
    ),
    answer('report', 'checklist', l10n.t('Report'), reportText(report)),
    answer('roleArn', 'shield', l10n.t('Role'), roleName(roleArn)),
    answer('priority', 'arrow-up', l10n.t('Priority'), formatCount(priority)),
    answer('description', 'note', l10n.t('Description'), name),
    ...(region === undefined ? [] : [answer(undefined, 'globe', l10n.t('Region'), region)]),
    ...warningItems(operation),
    { label: '', kind: QuickPickItemKind.Separator },
    {
      label: l10n.t('Show Summary'),
      description: l10n.t('in an editor'),
      iconPath: new ThemeIcon('open-preview'),
      choice: 'show',
    },
    {
      label: l10n.t('Edit as JSON'),
      description: l10n.t('all CreateJob parameters, in an editor'),
      iconPath: new ThemeIcon('json'),
      choice: 'json',
    },
    {
      label: l10n.t('Copy as AWS CLI Commands'),
      iconPath: new ThemeIcon('terminal'),
      choice: 'copy',
    },
  ];
}

/** They are said, not asked: choosing one does nothing. */
function warningItems(operation: CompleteDraft['operation']): SummaryItem[] {
  const warnings = warningsOf(operation);
  if (warnings.length === 0) return [];
  return [
    { label: l10n.t('Before you create it'), kind: QuickPickItemKind.Separator },
    ...warnings.map(warning => ({
      label: warningText(warning),
      iconPath: new ThemeIcon('info'),
    })),
  ];
}

function answerLabel(name: CompleteDraft['operation']['name']): string {
  switch (name) {
    case 'LambdaInvoke':
      return l10n.t('Function');
    case 'S3PutObjectTagging':
    case 'S3DeleteObjectTagging':
      return l10n.t('Tags');
    default:
      return operationLabel(name);
  }
}

async function showSummary({ documents, draft, name, region }: SummaryOptions): Promise<void> {
  const lines = [
    ...summaryLines({ ...draft, description: name }),
    ...(region === undefined ? [] : [l10n.t('Region: {0}', region)]),
  ];
  const text = lines.map(line => (line === '' ? '' : `${escapeMarkdown(line)}  `)).join('\n');
  const title = l10n.t('Summary of the new job');
  const body = `# ${escapeMarkdown(title)}\n\n${text}\n`;
  await documents.show('job', `${title}.md`, body, { preserveFocus: true });
}
