import type { Locator } from 'playwright-core';
import { readJson } from './sources.ts';

type Texts = Readonly<Record<string, string>>;

const titles = readJson('package.nls.json') as Texts;
const koreanTitles = readJson('package.nls.ko.json') as Texts;
const koreanTexts = readJson('l10n/bundle.l10n.ko.json') as Texts;

/**
 * What stands for an English text, which may be a title of package.nls.json.
 *
 * @throws Error naming an English text that has no Korean, so that a test follows a text that was reworded
 */
export function ko(english: string, ...values: readonly string[]): string {
  const id = Object.keys(titles).find(key => titles[key] === english);
  const text = koreanTexts[english] ?? (id === undefined ? undefined : koreanTitles[id]);
  if (text === undefined) throw new Error(`No Korean for: ${english}`);
  return text.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
}

const ENGLISH = new Set([
  ...Object.keys(koreanTexts).filter(text => koreanTexts[text] !== text),
  ...Object.keys(titles).flatMap(id => (titles[id] === koreanTitles[id] ? [] : [titles[id]!])),
]);

/**
 * What is shown in an element, or said of it to who does not see it, that is an English text of ours though it has a
 * Korean: a line, or a part of one.
 */
export async function leftInEnglish(shown: Locator): Promise<string[]> {
  // VS Code names its own bar, in English here.
  const named = shown.locator(':is([aria-label], [title], [placeholder]):not([role=progressbar])');
  const names = await named.evaluateAll(elements =>
    (elements as Named[]).flatMap(({ ariaLabel, title, placeholder }) =>
      [ariaLabel, title, placeholder].filter(text => typeof text === 'string'),
    ),
  );
  const texts = [...(await shown.allInnerTexts()), ...names];
  const parts = texts.flatMap(text => text.split(/\n| · |, /)).map(part => part.trim());
  return [...new Set(parts)].filter(part => ENGLISH.has(part));
}

interface Named {
  readonly ariaLabel: string | null;
  readonly title: string;
  readonly placeholder?: string;
}
