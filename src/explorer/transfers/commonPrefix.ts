/** The one text itself, or what several have in common up to their last `/`. */
export function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...rest] = texts;
  if (rest.length === 0) return first;
  let shared = first.slice(0, first.lastIndexOf('/') + 1);
  for (const text of rest) {
    while (shared !== '' && !text.startsWith(shared)) {
      shared = shared.slice(0, shared.lastIndexOf('/', shared.length - 2) + 1);
    }
  }
  return shared;
}
