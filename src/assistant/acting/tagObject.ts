import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { changeObjectTags } from '../../aws/objects/rewrite/changeObjectTags.ts';
import { validateTags, type Tag } from '../../aws/objects/tagRules.ts';
import { getObjectTags } from '../../aws/objects/tags.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { describeTagProblem } from '../../vscode/describeTagProblem.ts';
import { escapeMarkdown, table } from '../../vscode/markdown.ts';
import type { ActingTool, ToolCall } from '../tool.ts';

interface TagInput {
  readonly bucket: string;
  readonly key: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds tags and changes values; every other tag stays, and none is removed. */
export const tagObject: ActingTool = {
  kind: 'acting',
  async plan({ session, input, signal }: ToolCall<TagInput>) {
    const { bucket, key, tags } = input;
    const object = { bucket, key };
    const subject = formatS3Uri(object);
    const client = await session.clients.s3ForBucket(bucket, signal);
    const region = await session.clients.regionOfBucket(bucket, signal);
    const before = await getObjectTags(client, object, { signal });
    assertValid(merged(before, tags), subject);
    return {
      title: l10n.t('Change tags of 1 object?'),
      paragraphs: [
        escapeMarkdown(subject),
        table([l10n.t('Tag'), l10n.t('Now'), l10n.t('Then')], rowsOf(before, tags)),
        escapeMarkdown(l10n.t('Other tags are kept. Region: {0}', region)),
      ],
      act: async now => {
        const own = await now.session.clients.s3ForBucket(bucket, now.signal);
        const change = (current: readonly Tag[]): Tag[] => {
          assertSame(before, current, subject);
          return merged(current, tags);
        };
        const after = await changeObjectTags(own, object, change, { signal: now.signal });
        const notes = ['The tags were changed. To undo a changed value, set the former one again.'];
        return { region, notes, rows: [{ before, after }], changed: { place: object } };
      },
    };
  },
};

function merged(before: readonly Tag[], tags: TagInput['tags']): Tag[] {
  const kept = before.filter(({ key }) => !Object.hasOwn(tags, key));
  return [...kept, ...Object.entries(tags).map(([key, value]) => ({ key, value }))];
}

function rowsOf(before: readonly Tag[], tags: TagInput['tags']): string[][] {
  return Object.entries(tags).map(([key, value]) => {
    const now = before.find(tag => tag.key === key)?.value ?? '–';
    return [escapeMarkdown(key), escapeMarkdown(now), escapeMarkdown(value)];
  });
}

function assertValid(tags: readonly Tag[], subject: string): void {
  const [problem] = validateTags(tags);
  if (problem === undefined) return;
  throw new BrigadeError('InvalidInput', describeTagProblem(problem, tags), { subject });
}

/** The user agreed to what they saw. */
function assertSame(before: readonly Tag[], current: readonly Tag[], subject: string): void {
  const text = (tags: readonly Tag[]): string =>
    JSON.stringify(tags.map(({ key, value }) => [key, value]).sort());
  if (text(before) === text(current)) return;
  throw new BrigadeError('Conflict', 'The tags have changed since they were read', {
    ...{ subject, reason: 'TagsChanged' },
  });
}
