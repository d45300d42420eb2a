import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import { functionName } from '../../aws/functionArn.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CommandId, JobTarget } from '../../commands.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import { formatElapsed, progressText, sourceText, statusText } from '../jobText.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { settingLines } from '../operations/settingLines.ts';
import type { FactRow, JobRow } from './rows.ts';

interface Fact {
  /** Unique among its siblings. */
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  readonly icon?: ThemeIcon;
  readonly tooltip?: string;
  readonly command?: Command;
  readonly children?: readonly Fact[];
}

type Command = NonNullable<TreeItem['command']>;

/** What matters of a job, line by line; a line with a place goes there when it is clicked. */
export function jobFacts(row: JobRow, job: Job, showRegion = false): FactRow[] {
  const { jobId, region, session } = row;
  const target = { jobId, region, session };
  return facts(job, target, showRegion).map(fact => toRow(row, row.id, fact));
}

function facts(job: Job, target: JobTarget, showRegion: boolean): Fact[] {
  return [
    ...job.failureReasons.map(failureFact),
    {
      id: 'status',
      label: l10n.t('Status'),
      value: statusText(job),
      icon: new ThemeIcon('pulse'),
      tooltip: l10n.t('Click to open the job’s page'),
      command: link('bucketBrigade.jobs.openPage', l10n.t('Open Job Page'), target),
    },
    ...progressFact(job),
    operationFact(job),
    ...manifestFact(job, target),
    ...reportFact(job, target),
    ...roleFact(job),
    {
      id: 'priority',
      label: l10n.t('Priority'),
      value: formatCount(job.priority),
      icon: new ThemeIcon('arrow-up'),
    },
    ...timeFacts(job),
    ...(showRegion
      ? [{ id: 'region', label: l10n.t('Region'), value: job.region, icon: new ThemeIcon('globe') }]
      : []),
    {
      id: 'id',
      label: l10n.t('Job ID'),
      value: job.jobId,
      icon: new ThemeIcon('copy'),
      tooltip: l10n.t('Click to copy'),
      command: link('bucketBrigade.jobs.copyJobId', l10n.t('Copy Job ID'), target),
    },
  ];
}

function failureFact({ code, reason }: Job['failureReasons'][number], index: number): Fact {
  return {
    id: `failure${index}`,
    label: reason === '' ? code : reason,
    value: reason === '' ? undefined : code,
    icon: new ThemeIcon('error', new ThemeColor('list.errorForeground')),
  };
}

function progressFact(job: Job): Fact[] {
  const value = progressText(job);
  const icon = new ThemeIcon('list-ordered');
  return value === '' ? [] : [{ id: 'progress', label: l10n.t('Objects'), value, icon }];
}

function operationFact(job: Job): Fact {
  return {
    id: 'operation',
    label: l10n.t('Operation'),
    value: operationLabel(job.operation),
    icon: new ThemeIcon('gear'),
    children: [
      ...(job.tags ?? []).map(tag => ({
        id: tag.key,
        label: `${tag.key} = ${tag.value}`,
        icon: new ThemeIcon('tag'),
      })),
      ...invocationFacts(job),
      ...settingFacts(job),
      ...job.unknownMembers.map(member => ({
        id: `unknown ${member}`,
        label: member,
        value: l10n.t('not supported by this version'),
        icon: new ThemeIcon('question'),
      })),
    ],
  };
}

function invocationFacts({ invocation }: Job): Fact[] {
  if (invocation === undefined) return [];
  const { functionArn, schemaVersion, userArguments = {} } = invocation;
  return [
    {
      id: 'function',
      label: l10n.t('Function'),
      value: functionName(functionArn),
      icon: new ThemeIcon('symbol-function'),
      tooltip: functionArn,
    },
    {
      id: 'schema',
      label: l10n.t('Schema version'),
      value: schemaVersion,
      icon: new ThemeIcon('json'),
    },
    ...Object.entries(userArguments).map(([key, value]) => ({
      id: `argument ${key}`,
      label: `${key} = ${value}`,
      icon: new ThemeIcon('symbol-parameter'),
    })),
  ];
}

/** The settings of the other operations. */
function settingFacts({ does }: Job): Fact[] {
  if (does === undefined || !('settings' in does)) return [];
  return settingLines(does).map(({ label, value }) => ({
    id: `setting ${label}`,
    label,
    value,
    icon: new ThemeIcon('symbol-property'),
  }));
}

function manifestFact(job: Job, target: JobTarget): Fact[] {
  const { manifest = job.generatedManifest, generator } = job;
  const facts: Fact[] = [];
  if (generator !== undefined) {
    facts.push({
      id: 'source',
      label: l10n.t('Source'),
      value: sourceText(generator),
      icon: new ThemeIcon('files'),
      tooltip: l10n.t('S3 lists the objects when it prepares the job.'),
    });
  }
  if (manifest !== undefined) {
    facts.push({
      id: 'manifest',
      label: l10n.t('Manifest'),
      value: formatS3Uri(manifest),
      icon: new ThemeIcon('file'),
      tooltip: l10n.t('Click to reveal it in the Buckets view'),
      command: link('bucketBrigade.jobs.revealManifest', l10n.t('Reveal Manifest'), target),
    });
  }
  return facts;
}

function reportFact(job: Job, target: JobTarget): Fact[] {
  const label = l10n.t('Report');
  const icon = new ThemeIcon('checklist');
  if (job.report === undefined) {
    return [{ id: 'report', label, value: l10n.t('None'), icon }];
  }
  const opens = isFinal(job.status) && job.succeeded + job.failed > 0;
  const scope = job.report.scope === 'AllTasks' ? l10n.t('all tasks') : l10n.t('failed tasks only');
  return [
    {
      id: 'report',
      label,
      value: `${formatS3Uri({ bucket: job.report.bucket, key: reportFolder(job.report.prefix, job.jobId) })} · ${scope}`,
      icon,
      tooltip: opens ? l10n.t('Click to open it') : l10n.t('It is available when the job ends.'),
      command: opens
        ? link('bucketBrigade.jobs.openReport', l10n.t('Open Completion Report'), target)
        : undefined,
    },
  ];
}

function roleFact({ roleArn }: Job): Fact[] {
  if (roleArn === undefined) return [];
  return [
    {
      id: 'role',
      label: l10n.t('Role'),
      value: roleName(roleArn),
      icon: new ThemeIcon('shield'),
      tooltip: roleArn,
    },
  ];
}

function timeFacts(job: Job): Fact[] {
  const times: Fact[] = [];
  const add = (id: string, label: string, icon: string, date: Date | undefined): void => {
    if (date === undefined) return;
    times.push({
      id,
      label,
      // How long ago it is would soon be wrong: nothing draws the row again.
      value: formatDate(date),
      icon: new ThemeIcon(icon),
    });
  };
  add('created', l10n.t('Created'), 'calendar', job.creationTime);
  add('ended', l10n.t('Ended'), 'calendar', job.terminationDate);
  if (job.elapsedSeconds !== undefined && job.succeeded + job.failed > 0) {
    times.push({
      id: 'elapsed',
      label: l10n.t('Active for'),
      value: formatElapsed(job.elapsedSeconds),
      icon: new ThemeIcon('watch'),
    });
  }
  return times;
}

/** A click on a line runs a command on the job. */
function link(command: CommandId, title: string, target: JobTarget): Command {
  return { command, title, arguments: [target] };
}

function toRow(parent: JobRow | FactRow, path: string, fact: Fact): FactRow {
  const children: FactRow[] = [];
  const row: FactRow = { kind: 'fact', parent, item: toItem(path, fact), children };
  children.push(...(fact.children ?? []).map(child => toRow(row, `${path}/${fact.id}`, child)));
  return row;
}

function toItem(path: string, fact: Fact): TreeItem {
  const item = new TreeItem(
    fact.label,
    (fact.children ?? []).length > 0
      ? TreeItemCollapsibleState.Expanded
      : TreeItemCollapsibleState.None,
  );
  item.id = `${path}/${fact.id}`;
  item.description = fact.value;
  item.iconPath = fact.icon;
  item.command = fact.command;
  // Without it a screen reader says the tooltip, which leaves out what the value is of.
  item.accessibilityInformation = {
    label: [fact.label, fact.value].filter(Boolean).join(', '),
  };
  item.tooltip = [fact.value ?? fact.label, fact.tooltip].filter(Boolean).join('\n');
  return item;
}
