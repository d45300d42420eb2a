let texts: Readonly<Record<string, string>> = {};
let language = 'en';

/** Takes the texts that the host has in the user's language: the browser has none. */
export function useTexts(given: {
  readonly texts: Readonly<Record<string, string>>;
  readonly language: string;
}): void {
  texts = given.texts;
  language = given.language;
}

/** As `Intl` takes it. */
export function languageInUse(): string {
  return language;
}

/** A text by its name, `{0}` … filled. */
export function text(name: string, ...values: readonly (string | number)[]): string {
  const found = texts[name] ?? name;
  return found.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** A number as the user's language writes it. */
export function formatNumber(value: number, digits = 2): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
