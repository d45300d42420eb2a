import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { MAX_OBJECT_TAGS, validateTags, type Tag } from '../../aws/objects/tagRules.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';

interface TagsItem extends QuickPickItem {
  readonly action?: 'continue' | 'add';
  /** Which tag to change. */
  readonly index?: number;
}

/**
 * Asks for the tags a job writes: as many as AWS allows, each added, changed or removed in a list.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForTags(
  position: PromptPosition,
  start: readonly Tag[] = [],
): Promise<readonly Tag[]> {
  let tags = start;
  // With nothing to show yet, the list would only cost a click.
  if (tags.length === 0) tags = [await askTag(position, tags, undefined)];
  for (;;) {
    const chosen = await pick({
      ...position,
      placeholder: l10n.t('These tags replace all tags of each object'),
      items: tagItems(tags),
      active: item => item.action === 'continue',
    });
    if (chosen.action === 'continue') return tags;
    tags = await stay(tags, () => edit(position, tags, chosen.index));
  }
}

function tagItems(tags: readonly Tag[]): TagsItem[] {
  const count =
    tags.length === 1
      ? l10n.t('Continue with 1 Tag')
      : l10n.t('Continue with {0} Tags', tags.length);
  const full = tags.length >= MAX_OBJECT_TAGS;
  return [
    ...(tags.length > 0
      ? [{ label: count, action: 'continue', iconPath: new ThemeIcon('arrow-right') } as const]
      : []),
    ...(full
      ? []
      : [{ label: l10n.t('Add Tag…'), action: 'add', iconPath: new ThemeIcon('add') } as const]),
    { label: l10n.t('Tags'), kind: QuickPickItemKind.Separator },
    ...tags.map((tag, index) => ({
      label: `${tag.key} = ${tag.value}`,
      description: l10n.t('change or remove'),
      iconPath: new ThemeIcon('tag'),
      index,
    })),
  ];
}

/** Back inside a tag leads to the list of tags, not to the question before it. */
async function stay(
  tags: readonly Tag[],
  change: () => Promise<readonly Tag[]>,
): Promise<readonly Tag[]> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof BackPressed) return tags;
    throw error;
  }
}

async function edit(
  position: PromptPosition,
  tags: readonly Tag[],
  index: number | undefined,
): Promise<readonly Tag[]> {
  const inside = { ...position, canGoBack: true };
  const old = index === undefined ? undefined : tags[index];
  if (index === undefined || old === undefined) {
    return [...tags, await askTag(inside, tags, undefined)];
  }
  const change = { label: l10n.t('Change Tag…'), iconPath: new ThemeIcon('edit') };
  const remove = { label: l10n.t('Remove Tag'), iconPath: new ThemeIcon('trash') };
  const chosen = await pick({
    ...inside,
    placeholder: `${old.key} = ${old.value}`,
    items: [change, remove],
  });
  if (chosen === remove) return tags.toSpliced(index, 1);
  return tags.with(index, await askTag(inside, tags, index));
}

async function askTag(
  position: PromptPosition,
  tags: readonly Tag[],
  index: number | undefined,
): Promise<Tag> {
  const old = index === undefined ? undefined : tags[index];
  const key = await askText({
    ...position,
    prompt: l10n.t('Tag key'),
    placeholder: l10n.t('For example: phototype'),
    value: old?.key,
    validate: text => problemOf(tags, index, { key: text.trim(), value: '' }),
  });
  const value = await askText({
    ...position,
    prompt: l10n.t('Value of the tag “{0}”', key.trim()),
    placeholder: l10n.t('For example: finished'),
    value: old?.value,
    validate: text => problemOf(tags, index, { key: key.trim(), value: text.trim() }),
  });
  return { key: key.trim(), value: value.trim() };
}

/** What AWS would refuse if this tag took its place among the others. */
function problemOf(tags: readonly Tag[], index: number | undefined, tag: Tag): string | undefined {
  const next = index === undefined ? [...tags, tag] : tags.with(index, tag);
  const problem = validateTags(next)[0];
  return problem === undefined ? undefined : describeTagProblem(problem, next);
}
