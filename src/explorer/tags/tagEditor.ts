import { l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import { MAX_OBJECT_TAGS } from '../../aws/objects/tagRules.ts';
import type { ObjectTag } from '../../commands.ts';
import { cancelled, isCancellation } from '../../vscode/cancellation.ts';
import { BackPressed } from '../../vscode/prompts.ts';
import { visible } from '../../vscode/visibleText.ts';
import { applyTagChanges, changesBetween } from './tagChanges.ts';
import { askTag } from './tagPrompt.ts';

type Action = 'save' | 'add' | 'change' | 'remove';

interface EditorItem extends QuickPickItem {
  readonly action?: Action;
  readonly tag?: ObjectTag;
}

interface Choice {
  readonly action: Action;
  readonly tag?: ObjectTag;
}

/** What is edited: the tags of one object, or all that any of several objects has. */
export interface TagSet {
  readonly title: string;
  readonly before: readonly ObjectTag[];
  /** Of several objects: what a tag stands for among them. Each then has rules of its own. */
  readonly describe?: (tag: ObjectTag) => string | undefined;
}

/**
 * Lets the user add, change and remove tags in one list, and save them together.
 *
 * @returns the set as the user wants it
 * @throws BrigadeError `Cancelled` when the list is closed without Save
 */
export async function editTagSet(set: TagSet): Promise<readonly ObjectTag[]> {
  let tags: readonly ObjectTag[] = set.before;
  for (;;) {
    const { action, tag } = await choose(set, tags);
    if (action === 'save') return tags;
    tags = await edited(set, tags, action, tag);
  }
}

async function edited(
  { title, describe }: TagSet,
  tags: readonly ObjectTag[],
  action: Action,
  tag: ObjectTag | undefined,
): Promise<readonly ObjectTag[]> {
  const from = tag && { from: tag.key };
  if (action === 'remove') return applyTagChanges(tags, [{ ...from }]);
  const setWith = (to: ObjectTag): ObjectTag[] => applyTagChanges(tags, [{ ...from, to }]);
  try {
    const checked = describe ? (to: ObjectTag) => oneOfSeveral(tags, tag, to) : setWith;
    return setWith(await askTag({ title, ...(tag && { tag }), setWith: checked }));
  } catch (error) {
    // Escape leads back to the list, with what was edited so far.
    if (isCancellation(error) || error instanceof BackPressed) return tags;
    throw error;
  }
}

/** What to hold against AWS's rules: how many tags there are is each object's own matter. */
function oneOfSeveral(
  tags: readonly ObjectTag[],
  from: ObjectTag | undefined,
  to: ObjectTag,
): ObjectTag[] {
  return [...tags.filter(({ key }) => key === to.key && key !== from?.key), to];
}

async function choose(
  { title, before, describe }: TagSet,
  tags: readonly ObjectTag[],
): Promise<Choice> {
  const input = window.createQuickPick<EditorItem>();
  const remove = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove') };
  const change = { iconPath: new ThemeIcon('edit'), tooltip: l10n.t('Change') };
  const pending = changesBetween(before, tags).length;
  input.title = visible(title);
  input.placeholder = l10n.t('Select a tag to change');
  input.items = [
    ...tags.map(tag => ({ ...tagItem(tag, describe), buttons: [change, remove] })),
    ...(tags.length === 0 ? [{ label: l10n.t('No tags'), action: 'add' as const }] : []),
    { label: '', kind: QuickPickItemKind.Separator },
    describe ? addToAll() : addItem(tags.length),
    ...(pending > 0 ? [saveItem(pending)] : []),
  ];
  const last = input.items.at(-1);
  if (pending > 0 && last) input.activeItems = [last];
  try {
    return await new Promise<Choice>((resolve, reject) => {
      input.onDidAccept(() => {
        const [chosen] = input.selectedItems;
        if (chosen?.action) resolve({ action: chosen.action, ...tagOf(chosen) });
      });
      input.onDidTriggerItemButton(({ button, item }) =>
        resolve({ action: button === remove ? 'remove' : 'change', ...tagOf(item) }),
      );
      input.onDidHide(() => reject(cancelled()));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

function tagOf({ tag }: EditorItem): { tag?: ObjectTag } {
  return tag ? { tag } : {};
}

function tagItem(tag: ObjectTag, describe: TagSet['describe']): EditorItem {
  const description = describe?.(tag);
  return {
    label: `${visible(tag.key)} = ${visible(tag.value)}`,
    description,
    iconPath: new ThemeIcon('tag'),
    action: 'change',
    tag,
  };
}

function addItem(count: number): EditorItem {
  const add = {
    label: l10n.t('Add a tag…'),
    description: l10n.t('{0} of {1}', count, MAX_OBJECT_TAGS),
    iconPath: new ThemeIcon('add'),
    alwaysShow: true,
  };
  if (count < MAX_OBJECT_TAGS) return { ...add, action: 'add' };
  const full = l10n.t('{0} tags, the most that S3 allows: remove one first', count);
  return { ...add, description: full };
}

function addToAll(): EditorItem {
  return {
    label: l10n.t('Add a tag…'),
    description: l10n.t('to all objects'),
    iconPath: new ThemeIcon('add'),
    action: 'add',
    alwaysShow: true,
  };
}

function saveItem(pending: number): EditorItem {
  return {
    label: l10n.t('Save'),
    description: pending === 1 ? l10n.t('1 change') : l10n.t('{0} changes', pending),
    iconPath: new ThemeIcon('save'),
    action: 'save',
    alwaysShow: true,
  };
}
