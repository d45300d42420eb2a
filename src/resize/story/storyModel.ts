import { l10n } from 'vscode';
import { lastSegment } from '../../aws/keySegments.ts';
import type { Attempt } from '../../aws/objectStory/attempts.ts';
import type { StoryFacts } from '../../aws/objectStory/facts.ts';
import type { Step, StepKind, StepState, Story } from '../../aws/objectStory/story.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount } from '../../vscode/formats.ts';
import type {
  Block,
  CheckStatus,
  PageAction,
  PageCheck,
  PageModel,
} from '../../vscode/page/protocol.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';
import { lineText } from '../logs/logText.ts';
import {
  formatMs,
  formatSecond,
  formatClock,
  formatTime,
  memoryText,
  startText,
  statusText,
} from './figures.ts';
import { reasonText } from './reasonTexts.ts';
import { stepLink } from './stepLink.ts';

/** A story as far as it is told. */
export interface ShownStory {
  readonly facts: StoryFacts;
  readonly story: Story;
  /** Whose it is, for people. */
  readonly owner: string;
  /** `stopped`: someone pressed Stop; `broken`: asking failed, and `problem` says how. */
  readonly mode: 'following' | 'stopped' | 'ended' | 'broken';
  readonly problem?: string;
  /** The bucket's Region, where AWS itself answers: its console shows what isn't followed here. */
  readonly consoleRegion?: string;
}

/** Log lines that are shown; the function's log has all. */
const MAX_LINES = 200;

/** The page of an object's story. */
export function storyModel(shown: ShownStory): PageModel {
  const { facts, story, owner } = shown;
  const attempts = shownAttempts(facts);
  return {
    title: visible(lastSegment(facts.object.key)),
    subtitle: l10n.t('{0} · {1}', visible(formatS3Uri(facts.object)), owner),
    blocks: [
      summaryBlock(shown),
      ...sendingBlocks(facts),
      { kind: 'actions', actions: actions(shown) },
      {
        kind: 'checks',
        label: l10n.t('From the upload to the resized objects'),
        checks: story.steps.map(each => checkOf(each, shown)),
      },
      ...attemptBlocks(attempts),
      ...resultBlocks(facts),
      ...logBlocks(attempts),
    ],
  };
}

function summaryBlock({ facts, story, mode, problem }: ShownStory): Block {
  if (mode === 'broken') {
    return { kind: 'text', text: problem ?? '', tone: 'error', isLive: true };
  }
  const failed = story.steps.find(({ state }) => state === 'failed');
  const text = summary(facts, story, mode);
  return { kind: 'text', text, isLive: true, ...(failed && { tone: 'error' }) };
}

function summary(facts: StoryFacts, story: Story, mode: ShownStory['mode']): string {
  const open = story.steps.find(({ state }) => state !== 'done');
  if (mode === 'stopped') return l10n.t('You stopped following this object.');
  if (open === undefined) return doneText(facts);
  const { title } = titleOf(open.kind);
  if (open.state === 'failed') return l10n.t('It stopped at “{0}”.', title);
  if (mode === 'following' && facts.sending !== undefined) return l10n.t('Following the upload…');
  if (mode === 'following') {
    const isKnown = facts.upload.kind === 'known';
    return isKnown
      ? l10n.t('Waiting for “{0}”, until {1} at the latest.', title, formatClock(story.until))
      : l10n.t('Looking for the object…');
  }
  const last = story.steps.at(-1);
  return last?.state === 'done'
    ? doneText(facts)
    : l10n.t('It can’t be followed beyond “{0}”.', title);
}

/** How far an upload is that still runs. */
function sendingBlocks({ sending }: StoryFacts): Block[] {
  if (sending?.state !== 'running' && sending?.state !== 'paused') return [];
  const { bytes = 0, totalBytes = 0 } = sending;
  // A browser does not say how large a file is that was dropped.
  const text =
    totalBytes === 0
      ? formatSize(bytes)
      : l10n.t('{0} of {1}', formatSize(bytes), formatSize(totalBytes));
  const done = totalBytes === 0 ? undefined : bytes / totalBytes;
  return [{ kind: 'progress', label: l10n.t('Upload'), text, ...(done !== undefined && { done }) }];
}

function doneText({ results }: StoryFacts): string {
  return results.length === 1
    ? l10n.t('The object was resized.')
    : l10n.t('The object was resized: {0} objects.', formatCount(results.length));
}

function actions({ facts, mode, story }: ShownStory): PageAction[] {
  const { function: found, notifications, upload } = facts;
  const isFollowed = mode === 'following';
  const stop = story.steps.find(
    ({ state, kind }) => state === 'failed' || (state === 'unknown' && kind === 'event'),
  );
  const needsFunction =
    stop?.reason?.kind === 'noNotifications' || stop?.reason?.kind === 'functionMissing';
  const isSent = stop?.reason?.kind === 'otherDestination';
  const needsNotification = stop?.kind === 'event' && notifications.kind === 'known' && !isSent;
  // What is no image stays none, whichever function gets it.
  const isRefused = stop?.reason?.kind === 'notResized';
  const mayDeploy =
    needsFunction || (!isRefused && (stop?.kind === 'invocation' || stop?.kind === 'resized'));
  return [
    isFollowed
      ? { id: 'stop', label: l10n.t('Stop') }
      : { id: 'again', label: l10n.t('Follow Again') },
    ...(upload.kind === 'known' ? [{ id: 'open', label: l10n.t('Open Object') }] : []),
    ...(found === undefined ? [] : [{ id: 'logs', label: l10n.t('Show Logs') }]),
    ...(mayDeploy ? [{ id: 'deploy', label: l10n.t('Deploy Resize Function…') }] : []),
    ...(needsNotification ? [{ id: 'notify', label: l10n.t('Add Event Notification…') }] : []),
  ];
}

const STATUS: Readonly<Record<StepState, CheckStatus>> = {
  done: 'passed',
  waiting: 'waiting',
  pending: 'pending',
  unknown: 'unchecked',
  failed: 'failed',
};

function checkOf(step: Step, { facts, story, consoleRegion }: ShownStory): PageCheck {
  const { kind, state, reason } = step;
  const parts = [doneFigures(step, facts), reason === undefined ? '' : reasonText(reason)];
  const text = parts.filter(part => part !== '').join('\n');
  const { title } = titleOf(kind);
  return {
    status: STATUS[state],
    ...wordOf(state, story.isOver),
    title,
    ...(text !== '' && { reason: text }),
    ...(stepLink(step, consoleRegion) !== undefined && {
      actions: [{ id: `console ${kind}`, label: l10n.t('Open in Console') }],
    }),
  };
}

function wordOf(state: StepState, isOver: boolean): Pick<PageCheck, 'word'> {
  switch (state) {
    case 'done':
      return { word: l10n.t('Done') };
    case 'unknown':
      return { word: l10n.t('Unknown') };
    case 'failed':
      return { word: l10n.t('Stopped') };
    case 'pending':
      return isOver ? { word: l10n.t('Not reached') } : {};
    case 'waiting':
      return {};
  }
}

function titleOf(kind: StepKind): { readonly title: string } {
  switch (kind) {
    case 'uploaded':
      return { title: l10n.t('Uploaded') };
    case 'event':
      return { title: l10n.t('Event') };
    case 'function':
      return { title: l10n.t('Function') };
    case 'invocation':
      return { title: l10n.t('Invocation') };
    case 'resized':
      return { title: l10n.t('Resized objects') };
  }
}

/** What is known of a step, in figures. */
function doneFigures({ kind, at }: Step, facts: StoryFacts): string {
  const { upload, function: found, results } = facts;
  if (kind === 'uploaded' && upload.kind === 'known') {
    const { size, versionId } = upload.value;
    const version = versionId === undefined ? [] : [l10n.t('version {0}', versionId)];
    return [formatSecond(upload.value.at), formatSize(size), ...version].join(' · ');
  }
  if (kind === 'function' && found?.details.kind === 'known') {
    const { memoryMegabytes, timeoutSeconds } = found.details.value;
    const memory = l10n.t('{0} MB', formatCount(memoryMegabytes));
    const timeout = l10n.t('timeout {0} s', formatCount(timeoutSeconds));
    return [found.name, memory, timeout].join(' · ');
  }
  if (kind === 'invocation') {
    const last = shownAttempts(facts).at(-1);
    return last === undefined ? '' : attemptFigures(last);
  }
  if (kind === 'resized' && at !== undefined && results.length > 0) return formatSecond(at);
  return '';
}

function attemptFigures(attempt: Attempt): string {
  const { startedAt, report } = attempt;
  const billed =
    report.billedMs === undefined ? '' : l10n.t('billed {0}', formatMs(report.billedMs));
  return [
    formatTime(startedAt),
    startText(attempt),
    formatMs(report.durationMs),
    billed,
    memoryText(attempt),
  ]
    .filter(part => part !== '')
    .join(' · ');
}

/** The runs about the object, or those that may be. */
export function shownAttempts({ log }: StoryFacts): readonly Attempt[] {
  if (log.kind !== 'known') return [];
  return log.value.attempts.length > 0 ? log.value.attempts : log.value.unnamed.slice(0, 10);
}

function attemptBlocks(attempts: readonly Attempt[]): Block[] {
  if (attempts.length === 0) return [];
  const rows = attempts.map(attempt => [
    formatTime(attempt.startedAt),
    startText(attempt),
    formatMs(attempt.report.durationMs),
    formatMs(attempt.report.billedMs),
    memoryText(attempt),
    statusText(attempt),
    { text: attempt.requestId, action: `logs ${attempt.requestId} ${attempt.number}` },
  ]);
  return [
    { kind: 'heading', text: l10n.t('Invocations') },
    {
      kind: 'table',
      label: l10n.t('Invocations'),
      columns: [
        { title: l10n.t('Started') },
        { title: l10n.t('Start') },
        { title: l10n.t('Duration'), isNumber: true },
        { title: l10n.t('Billed'), isNumber: true },
        { title: l10n.t('Memory'), isNumber: true },
        { title: l10n.t('Result') },
        { title: l10n.t('Request ID') },
      ],
      rows,
    },
  ];
}

function resultBlocks({ results }: StoryFacts): Block[] {
  const there = results.filter(({ state }) => state === 'there');
  if (there.length === 0) return [];
  const rows = there.map(({ bucket, key, width, height, size, at }) => [
    {
      text: visible(formatS3Uri({ bucket, key })),
      action: `result ${results.findIndex(each => each.key === key && each.bucket === bucket)}`,
    },
    width === undefined || height === undefined
      ? ''
      : l10n.t('{0} × {1}', formatCount(width), formatCount(height)),
    size === undefined ? '' : formatSize(size),
    at === undefined ? '' : formatSecond(at),
  ]);
  return [
    { kind: 'heading', text: l10n.t('Resized Objects') },
    {
      kind: 'table',
      label: l10n.t('Resized Objects'),
      columns: [
        { title: l10n.t('Object') },
        { title: l10n.t('Pixels'), isNumber: true },
        { title: l10n.t('Size'), isNumber: true },
        { title: l10n.t('Written') },
      ],
      rows,
    },
  ];
}

function logBlocks(attempts: readonly Attempt[]): Block[] {
  const lines = attempts.flatMap(attempt => attempt.lines);
  if (lines.length === 0) return [];
  // The end says how it went.
  const text = lines.slice(-MAX_LINES).map(line => lineText(line));
  return [{ kind: 'code', label: l10n.t('Log lines'), text: text.join('\n') }];
}
