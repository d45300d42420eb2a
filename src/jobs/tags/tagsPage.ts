import { l10n } from 'vscode';
import type { DirectProgress, DirectResult } from '../../aws/tagChanges/directEngine.ts';
import type { Refusal, TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { Tag } from '../../aws/objects/tagRules.ts';
import { formatTagText } from '../../aws/objects/tagText.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import type { Block, PageAction, PageModel } from '../../vscode/page/protocol.ts';
import { failureText } from './failureText.ts';

/**
 * What a page about a change of tags shows: the preview, how far the change is, what happened to
 * it.
 */
export interface TagsPageState {
  readonly title: string;
  /** Whose objects they are. */
  readonly subtitle: string;
  /** What is changed and where, in words. */
  readonly facts: readonly { readonly term: string; readonly value: string }[];
  readonly preview: TagPreview;
  readonly progress?: DirectProgress;
  readonly result?: DirectResult;
  /** How the change can be made. */
  readonly actions: readonly PageAction[];
  /** What each way to do it costs. */
  readonly cost?: readonly Block[];
  /** A sentence that the preview needs: what will happen to tags that were changed since. */
  readonly note?: string;
}

export function tagsPage(state: TagsPageState): PageModel {
  const { title, subtitle, facts, preview, result, progress } = state;
  return {
    title,
    subtitle,
    blocks: [
      { kind: 'facts', facts },
      ...(result ? resultBlocks(result) : progress ? progressBlocks(progress) : []),
      ...(result || progress ? [] : [...noteBlocks(state), actionBlock(state.actions)]),
      ...previewBlocks(preview),
      ...(result || progress ? [] : (state.cost ?? [])),
    ],
  };
}

function actionBlock(actions: readonly PageAction[]): Block {
  return { kind: 'actions', actions };
}

function noteBlocks({ note, preview }: TagsPageState): Block[] {
  const blocks: Block[] = [];
  if (note !== undefined) blocks.push({ kind: 'text', text: note, tone: 'warning' });
  if (preview.changing === 0 && preview.complete) {
    blocks.push({ kind: 'text', text: l10n.t('Nothing would change.'), tone: 'warning' });
  }
  return blocks;
}

function previewBlocks(preview: TagPreview): Block[] {
  const { looked, complete, changing, unchanged, refused } = preview;
  const looks = complete
    ? l10n.t('All {0} were checked.', formatObjects(looked))
    : l10n.t('A sample was checked: the first {0}.', formatObjects(looked));
  const failing = refused.reduce((sum, { count }) => sum + count, 0);
  return [
    { kind: 'heading', text: l10n.t('Preview') },
    { kind: 'text', text: looks, tone: 'muted' },
    {
      kind: 'facts',
      facts: [
        { term: l10n.t('Will change'), value: formatCount(changing) },
        { term: l10n.t('No change needed'), value: formatCount(unchanged) },
        { term: l10n.t('Can’t be changed'), value: formatCount(failing) },
      ],
    },
    ...(refused.length === 0 ? [] : refusalBlocks(refused)),
    ...(preview.examples.length === 0 ? [] : exampleBlocks(preview.examples)),
  ];
}

function refusalBlocks(refused: readonly Refusal[]): Block[] {
  return [
    { kind: 'heading', text: l10n.t('Objects That Can’t Be Changed') },
    {
      kind: 'table',
      label: l10n.t('Objects that can’t be changed, by reason'),
      columns: [
        { title: l10n.t('Objects'), isNumber: true },
        { title: l10n.t('Reason') },
        { title: l10n.t('For example') },
      ],
      rows: refused.map(refusal => [
        formatCount(refusal.count),
        failureText(refusal),
        refusal.samples.map(formatS3Uri).join('\n'),
      ]),
    },
  ];
}

function exampleBlocks(examples: TagPreview['examples']): Block[] {
  return [
    { kind: 'heading', text: l10n.t('For Example') },
    {
      kind: 'table',
      label: l10n.t('Tags of some objects before and after'),
      columns: [
        { title: l10n.t('Object') },
        { title: l10n.t('Tags Before') },
        { title: l10n.t('Tags After') },
      ],
      rows: examples.map(({ object, before, after }) => [
        formatS3Uri(object),
        tagsText(before),
        tagsText(after),
      ]),
    },
  ];
}

function tagsText(tags: readonly Tag[]): string {
  return tags.length === 0 ? l10n.t('none') : formatTagText(tags);
}

function progressBlocks(progress: DirectProgress): Block[] {
  const { phase, total, succeeded, failed } = progress;
  const done = total === 0 || phase === 'list' ? undefined : (succeeded + failed) / total;
  return [
    {
      kind: 'progress',
      label: l10n.t('Changing tags'),
      ...(done !== undefined && { done }),
      text: progressText(progress),
    },
  ];
}

/** How far a change is, on one line. */
export function progressText({ phase, total, succeeded, failed }: DirectProgress): string {
  if (phase === 'list') return l10n.t('{0} found', formatObjects(total));
  if (phase === 'report') return l10n.t('Writing the report');
  const done = l10n.t('{0} of {1}', formatCount(succeeded + failed), formatObjects(total));
  return failed === 0 ? done : l10n.t('{0}, {1} failed', done, formatCount(failed));
}

function resultBlocks(result: DirectResult): Block[] {
  const actions: PageAction[] = [
    { id: 'openReport', label: l10n.t('Open Report'), isPrimary: true },
    ...(result.succeeded > result.unchanged ? [{ id: 'undo', label: l10n.t('Undo…') }] : []),
  ];
  return [
    {
      kind: 'text',
      text: resultText(result),
      isLive: true,
      ...((result.failed > 0 || result.cancelled) && { tone: 'warning' as const }),
    },
    ...(result.report ? [actionBlock(actions)] : []),
  ];
}

/** What happened to a change, in a sentence or two. */
export function resultText(result: DirectResult): string {
  const { succeeded, unchanged, failed, total, cancelled } = result;
  const parts = [
    l10n.t('Tags of {0} changed.', formatObjects(succeeded - unchanged)),
    ...(unchanged > 0 ? [l10n.t('{0} needed no change.', formatObjects(unchanged))] : []),
    ...(failed > 0 ? [l10n.t('{0} failed.', formatObjects(failed))] : []),
  ];
  const left = total - succeeded - failed;
  if (cancelled && left > 0) parts.push(l10n.t('Stopped: {0} not changed.', formatObjects(left)));
  return parts.join(' ');
}
