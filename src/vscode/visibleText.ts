/** Characters that a label cannot show: control characters, and marks that turn the text around. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
/** The zero-width joiner that makes one emoji of two. */
const EMOJI_JOINER = /\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?\u200d$/u;

/** A key or tag with every character visible: a newline is shown as `\\n`, a space at an end as `·`. */
export function visible(text: string): string {
  return text
    .replace(INVISIBLE, (character, at: number) =>
      EMOJI_JOINER.test(text.slice(Math.max(0, at - 5), at + 1))
        ? character
        : escapeCharacter(character),
    )
    .replace(/^ +| +$/g, spaces => '·'.repeat(spaces.length));
}

/** The same for the label of a quick pick, where nothing of it is to become an icon. */
export function visibleLabel(text: string): string {
  return visible(text).replaceAll('$(', '\\$(');
}

function escapeCharacter(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
