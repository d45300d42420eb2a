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

/** Lines of what is shown that are English texts of ours, though they have a Korean. */
export function leftInEnglish(shown: string): string[] {
  const lines = shown.split('\n').map(line => line.trim());
  return lines.filter(line => ENGLISH.has(line));
}
