/** The beginning of a text, of so many UTF-16 units at most; never half of a surrogate pair. */
export function cutText(text: string, length: number): string {
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}
