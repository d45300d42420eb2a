/** A name to fill an input box with; empty where its single line would change the name. */
export function initialName(name: string): string {
  return /[\p{Cc}\u2028\u2029]/u.test(name) ? '' : name;
}

/** The part of a name before its extension, as a range: what is most often changed. */
export function selectedStem(name: string, isPrefix: boolean): [number, number] {
  const dot = name.lastIndexOf('.');
  return [0, isPrefix || dot <= 0 ? name.length : dot];
}
