import { l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import { MAX_OBJECT_TAGS } from '../aws/objects/tagRules.ts';
import type { ObjectTag } from '../commands.ts';
import { cancelled, isCancellation } from '../vscode/cancellation.ts';
import { BackPressed } from '../vscode/prompts.ts';
import { visible } from '../vscode/visibleText.ts';
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

/**
 * Lets the user add, change and remove tags in one list, and save them together.
 *
 * @returns the set as the user wants it
 * @throws BrigadeError `Cancelled` when the list is closed without Save
 */
export async function editTagSet(
  key: string,
  before: readonly ObjectTag[],
): Promise<readonly ObjectTag[]> {
  const title = l10n.t('Tags of {0}', visible(key));
  let tags: readonly ObjectTag[] = before;
  for (;;) {
    const { action, tag } = await choose(title, before, tags);
    if (action === 'save') return tags;
    tags = await edited(title, tags, action, tag);
  }
}

async function edited(
  title: string,
  tags: readonly ObjectTag[],
  action: Action,
  tag: ObjectTag | undefined,
): Promise<readonly ObjectTag[]> {
  const from = tag && { from: tag.key };
  if (action === 'remove') return applyTagChanges(tags, [{ ...from }]);
  const setWith = (to: ObjectTag): ObjectTag[] => applyTagChanges(tags, [{ ...from, to }]);
  try {
    return setWith(await askTag({ title, ...(tag && { tag }), setWith }));
  } catch (error) {
    // Escape leads back to the list, with what was edited so far.
    if (isCancellation(error) || error instanceof BackPressed) return tags;
    throw error;
  }
}

async function choose(
  title: string,
  before: readonly ObjectTag[],
  tags: readonly ObjectTag[],
): Promise<Choice> {
  const input = window.createQuickPick<EditorItem>();
  const remove = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove') };
  const change = { iconPath: new ThemeIcon('edit'), tooltip: l10n.t('Change') };
  const pending = changesBetween(before, tags).length;
  input.title = title;
  input.placeholder = l10n.t('Choose a tag to change it');
  input.items = [
    ...tags.map(tag => ({ ...tagItem(tag), buttons: [change, remove] })),
    ...(tags.length === 0 ? [{ label: l10n.t('No tags'), action: 'add' as const }] : []),
    { label: '', kind: QuickPickItemKind.Separator },
    ...(tags.length < MAX_OBJECT_TAGS ? [addItem(tags.length)] : []),
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

function tagItem(tag: ObjectTag): EditorItem {
  return {
    label: `${visible(tag.key)} = ${visible(tag.value)}`,
    iconPath: new ThemeIcon('tag'),
    action: 'change',
    tag,
  };
}

function addItem(count: number): EditorItem {
  return {
    label: l10n.t('Add a tag…'),
    description: l10n.t('{0} of {1}', count, MAX_OBJECT_TAGS),
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
