import { l10n } from 'vscode';
import { askText, runSteps } from '../../vscode/prompts.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { MAX_PART_BYTES, PART_BYTES, readBytes, readStart, type PartStart } from './partStart.ts';

/** Asks where a part begins and how much of it is shown. @throws BrigadeError `Cancelled` */
export async function askPart(
  title: string,
  size: number,
): Promise<{ readonly start: PartStart; readonly length: number }> {
  let [start, length] = ['', formatSize(PART_BYTES)];
  await runSteps([
    async position => {
      start = await askText({
        ...position,
        title,
        prompt: l10n.t('Start of the part. The object has {0}.', formatSize(size)),
        placeholder: l10n.t('1.5 GB · 50% · -10 MB (from the end) · line 1000'),
        value: start,
        validate: text =>
          readStart(text, size)
            ? undefined
            : l10n.t('Enter a position such as 1.5 GB or line 1000'),
      });
      return undefined;
    },
    async position => {
      length = await askText({
        ...position,
        title,
        prompt: l10n.t('Size of the part, at most {0}.', formatSize(MAX_PART_BYTES)),
        value: length,
        validate: text => {
          const bytes = readBytes(text) ?? 0;
          return bytes >= 1 && bytes <= MAX_PART_BYTES
            ? undefined
            : l10n.t('A size of at most {0}, such as 1 MB', formatSize(MAX_PART_BYTES));
        },
      });
      return undefined;
    },
  ]);
  return {
    start: readStart(start, size) ?? { kind: 'bytes', offset: 0 },
    length: readBytes(length) ?? PART_BYTES,
  };
}
