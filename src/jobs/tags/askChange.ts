import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { validateTags, type Tag } from '../../aws/objects/tagRules.ts';
import { parseTagText } from '../../aws/objects/tagText.ts';
import type { TagChange } from '../../aws/tagChanges/tagChange.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { tagsProblem } from '../operations/askTags.ts';

interface ChangeItem extends QuickPickItem {
  readonly kind: undefined;
  readonly change: TagChange['kind'];
}

/**
 * Asks how to change the tags of many objects.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askTagChange(position: PromptPosition): Promise<TagChange> {
  let last: TagChange['kind'] = 'add';
  for (;;) {
    const { change } = await pick({
      ...position,
      placeholder: l10n.t('Select how to change the tags'),
      items: changeItems(),
      active: item => item.change === last,
    });
    last = change;
    try {
      return await askDetails(change, { ...position, canGoBack: true });
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function changeItems(): ChangeItem[] {
  const item = (change: TagChange['kind'], icon: string, label: string, description: string) => ({
    ...{ label, description, change, kind: undefined },
    iconPath: new ThemeIcon(icon),
  });
  return [
    item('add', 'add', l10n.t('Set Tags…'), l10n.t('other tags are kept')),
    item(
      'addMissing',
      'diff-added',
      l10n.t('Set Tags Where Missing…'),
      l10n.t('existing values are kept'),
    ),
    item('rename', 'edit', l10n.t('Rename a Tag Key…'), l10n.t('its value is kept')),
    item('remove', 'remove', l10n.t('Remove Tags…'), l10n.t('by key; other tags are kept')),
    item('removeAll', 'trash', l10n.t('Remove All Tags'), ''),
    item(
      'replaceAll',
      'replace-all',
      l10n.t('Replace All Tags…'),
      l10n.t('like S3’s own tagging operation'),
    ),
  ];
}

async function askDetails(kind: TagChange['kind'], position: PromptPosition): Promise<TagChange> {
  switch (kind) {
    case 'add':
    case 'addMissing':
    case 'replaceAll':
      return { kind, tags: await askTags(position) };
    case 'rename':
      return await askRenaming(position);
    case 'remove':
      return { kind, keys: await askKeys(position) };
    case 'removeAll':
      return { kind };
  }
}

async function askTags(position: PromptPosition): Promise<readonly Tag[]> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Tags as key=value, separated by commas'),
    placeholder: l10n.t('For example: phototype=finished, owner=me'),
    validate: tagsProblem,
  });
  const read = parseTagText(text);
  return 'tags' in read ? read.tags : [];
}

async function askRenaming(position: PromptPosition): Promise<TagChange> {
  const ask = async (prompt: string, differsFrom?: string): Promise<string> =>
    await askText({
      ...position,
      prompt,
      validate: text =>
        text === differsFrom ? l10n.t('The tag already has this key.') : keysProblem([text.trim()]),
    });
  for (;;) {
    const from = (await ask(l10n.t('The tag key to rename. Case-sensitive.'))).trim();
    try {
      const to = await ask(l10n.t('The new key of {0}', from), from);
      return { kind: 'rename', from, to: to.trim() };
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

async function askKeys(position: PromptPosition): Promise<readonly string[]> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Keys of the tags to remove, separated by commas. Case-sensitive.'),
    placeholder: l10n.t('For example: phototype, owner'),
    validate: typed => keysProblem(keysOf(typed)),
  });
  return keysOf(text);
}

function keysOf(text: string): string[] {
  const keys = text.split(',').map(key => key.trim());
  return [...new Set(keys)].filter(key => key !== '');
}

/** What is wrong with keys of tags, or undefined. */
function keysProblem(keys: readonly string[]): string | undefined {
  if (keys.length === 0) return l10n.t('Enter at least one key.');
  for (const key of keys) {
    const tags = [{ key, value: '' }];
    const [problem] = validateTags(tags);
    if (problem) return describeTagProblem(problem, tags);
  }
  return undefined;
}
