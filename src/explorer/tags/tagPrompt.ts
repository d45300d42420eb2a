import { l10n } from 'vscode';
import type { ObjectTag } from '../../commands.ts';
import { askText, runSteps } from '../../vscode/prompts.ts';
import { tagProblem } from './tagWriting.ts';

export interface TagPromptOptions {
  readonly title: string;
  /** The tag to change; a new one is asked for without it. */
  readonly tag?: ObjectTag;
  /** The whole set the object would have with a tag, to hold it against AWS's rules. */
  readonly setWith: (tag: ObjectTag) => readonly ObjectTag[];
}

/** Asks for a tag's key and value; neither is accepted while AWS would refuse the set with it. */
export async function askTag({ title, tag, setWith }: TagPromptOptions): Promise<ObjectTag> {
  let { key, value } = tag ?? { key: '', value: '' };
  await runSteps([
    async position => {
      key = await askText({
        ...position,
        title,
        prompt: l10n.t('Key'),
        placeholder: l10n.t('For example: phototype'),
        value: key,
        validate: text => tagProblem(setWith({ key: text, value: '' })),
      });
      return undefined;
    },
    async position => {
      value = await askText({
        ...position,
        title,
        prompt: l10n.t('Value of {0} (may be empty)', key),
        placeholder: l10n.t('For example: finished'),
        value,
        validate: text => tagProblem(setWith({ key, value: text })),
      });
      return undefined;
    },
  ]);
  return { key, value };
}
