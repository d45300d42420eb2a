/**
 * What a reader can't see, or takes for something else: by Unicode's properties control, format and
 * default-ignorable characters, private and unassigned ones, halves of surrogate pairs, separators
 * other than a space; and three blank signs that no property tells (Braille blank, Khitan filler,
 * musical null notehead). The number signs of Arabic and its neighbours are format characters that
 * are drawn, and an ideographic space is as wide as a letter: they stay. Emoji come first, so that
 * the joiners, selectors and tags they are made of stay in them.
 */
const UNSEEN =
  /\p{RGI_Emoji}|(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u3000 ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}]/gv;
const EMOJI = /^\p{RGI_Emoji}$/v;
/** `neutralizeLinks` puts it where it keeps a link from being one. */
const LINK_BREAKER = /\u2060(?<=\]\u2060)(?=\((?:https?:|command:|file:))/gi;

/** A key or tag with every character visible: a newline is shown as `\\n`, a space at an end as `·`. */
export function visible(text: string): string {
  return escapeUnseen(text, '').replace(/^[ \u3000]+|[ \u3000]+$/g, spaces =>
    '·'.repeat(spaces.length),
  );
}

/** The same for the label of a quick pick, where nothing of it is to become an icon. */
export function visibleLabel(text: string): string {
  return visible(text).replaceAll('$(', '\\$(');
}

/** A text of ours with other people's in it: what can't be seen is shown, our line breaks stay. */
export function visibleSentence(text: string): string {
  return text
    .split(LINK_BREAKER)
    .map(part => escapeUnseen(part, '\n'))
    .join('\u2060');
}

/**
 * A value as one line of JSON in which every character can be seen; whoever parses it gets the value as it
 * was.
 */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSEEN, found =>
    EMOJI.test(found)
      ? found
      : Array.from({ length: found.length }, (_, at) => unit(found, at)).join(''),
  );
}

/** A UTF-16 unit as JSON escapes it. */
function unit(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

/** What a row of a tree or of a quick pick says. */
interface Item {
  label?: unknown;
  description?: unknown;
  detail?: unknown;
}

/** Shows what can't be seen in the texts of an item, in place: what is picked stays the same object. */
export function makeVisible<T extends Item>(item: T): T {
  for (const part of ['label', 'description', 'detail'] as const) {
    const text = item[part];
    if (typeof text !== 'string') continue;
    const shown = visibleSentence(text);
    if (shown !== text) item[part] = shown;
  }
  return item;
}

function escapeUnseen(text: string, kept: string): string {
  return text.replace(UNSEEN, found =>
    found === kept || EMOJI.test(found) ? found : escapeCharacter(found),
  );
}

function escapeCharacter(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (short !== undefined) return short;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
