/** Where a part begins. */
export type PartStart =
  /** Bytes from the beginning; negative: from the end. */
  | { readonly kind: 'bytes'; readonly offset: number }
  /** From 1 on. */
  | { readonly kind: 'line'; readonly line: number };

/** Bytes of the first part, and of any other unless more are asked for. */
export const PART_BYTES = 1024 ** 2;
/** A part passes through memory whole, in this process and in the window's. */
export const MAX_PART_BYTES = 16 * 1024 ** 2;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/** Bytes that a text such as `1.5 GB`, `64kb` or `1048576` stands for; undefined for another text. */
export function readBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^([\d.,]+)\s*([kmgt]?i?b?)$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const name = unit.toUpperCase().replace('I', '');
  const factor = UNITS[name] ?? UNITS[`${name}B`];
  const value = Number(number.replaceAll(',', ''));
  return factor === undefined || Number.isNaN(value) ? undefined : Math.floor(value * factor);
}

/** Where a part begins: bytes, from the end with a minus, a share of the whole, or a line. */
export function readStart(text: string, size: number): PartStart | undefined {
  const typed = text.trim();
  const [, line] = /^line\s+([\d,]+)$/i.exec(typed) ?? [];
  if (line !== undefined) {
    const number = Number(line.replaceAll(',', ''));
    return number >= 1 ? { kind: 'line', line: number } : undefined;
  }
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(typed) ?? [];
  if (percent !== undefined) {
    const share = Number(percent) / 100;
    return share < 1 ? { kind: 'bytes', offset: Math.floor(size * share) } : undefined;
  }
  const isFromEnd = /^[-−]/.test(typed);
  const bytes = readBytes(typed.replace(/^[-−]/, ''));
  if (bytes === undefined || (isFromEnd ? bytes === 0 : bytes >= size)) return undefined;
  return { kind: 'bytes', offset: isFromEnd ? -Math.min(bytes, size) : bytes };
}
