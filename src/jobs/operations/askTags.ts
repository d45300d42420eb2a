import { l10n } from 'vscode';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { validateTags, type Tag } from '../../aws/objects/tagRules.ts';
import { formatTagText, parseTagText, type TagTextProblem } from '../../aws/objects/tagText.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';

/**
 * Asks for the tags a job writes, all on one line.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForTags(
  position: PromptPosition,
  before: readonly Tag[] = [],
): Promise<readonly Tag[]> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Tags that replace all tags of each object: key=value, separated by commas'),
    placeholder: l10n.t('For example: phototype=finished, owner=me'),
    value: formatTagText(before),
    validate: typed => tagsProblem(typed),
  });
  const read = parseTagText(text);
  return 'tags' in read ? read.tags : [];
}

/** What is wrong with a line of tags, or undefined. */
export function tagsProblem(text: string): string | undefined {
  const read = parseTagText(text);
  if ('problem' in read) return describeTextProblem(read.problem);
  if (read.tags.length === 0) return l10n.t('Enter at least one tag as key=value.');
  const problem = validateTags(read.tags)[0];
  return problem === undefined ? undefined : describeTagProblem(problem, read.tags);
}

function describeTextProblem({ kind, text }: TagTextProblem): string {
  return kind === 'noEquals'
    ? l10n.t('“{0}” has no value: write {0}=value, or {0}= for an empty value.', text)
    : l10n.t('Enclose a whole key or value in quotation marks: "a=b"=c. Check {0}', text);
}

/** Asks for the tags of copies: those of the source, others, or none. */
export async function askCopyTags(
  position: PromptPosition,
  before: S3CopyObjectOperation,
): Promise<S3CopyObjectOperation> {
  const { NewObjectTagging: now, ...rest } = before;
  const { choice } = await pick({
    ...position,
    placeholder: l10n.t('Tags of the copies'),
    items: [
      { label: l10n.t('Copy from Source'), choice: 'source' },
      { label: l10n.t('Replace…'), choice: 'replace' },
      { label: l10n.t('No Tags'), choice: 'none' },
    ],
  });
  if (choice === 'source') return rest;
  if (choice === 'none') return { ...rest, NewObjectTagging: [] };
  const tags = (now ?? []).map(({ Key: key = '', Value: value = '' }) => ({ key, value }));
  const asked = await askForTags(position, tags);
  return { ...rest, NewObjectTagging: asked.map(({ key, value }) => ({ Key: key, Value: value })) };
}
