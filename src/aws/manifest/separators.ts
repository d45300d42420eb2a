/** What stands between the cells of rows in which there is no comma. */
const SEPARATORS = [
  [';', ';'],
  ['\t', 'tab'],
  ['|', '|'],
  [' ', 'space'],
] as const;

/** Rows looked at; the rest is like them. */
const MAX_LOOKED_AT = 1000;

/** Learns from rows of one cell what they would have been. */
export class Separators {
  /** Rows of one cell. */
  count = 0;
  #left: readonly (typeof SEPARATORS)[number][] = SEPARATORS;
  #uris = true;

  note(cell: string): void {
    this.count += 1;
    if (this.count > MAX_LOOKED_AT) return;
    this.#left = this.#left.filter(([character]) => cell.trim().includes(character));
    this.#uris &&= /^s3:\/\/[^/]+\//i.test(cell);
  }

  /** What is true of all of them. */
  found(): { kind: 's3Uris' | 'separator' | 'oneColumn'; text?: string } {
    if (this.#uris) return { kind: 's3Uris' };
    const text = this.#left[0]?.[1];
    return text === undefined ? { kind: 'oneColumn' } : { kind: 'separator', text };
  }
}
