/** What matters of a shared library's file: for which CPU it is and what it asks of its system. */
export interface ElfFacts {
  readonly machine: 'x86_64' | 'aarch64' | 'other';
  /** The libraries it needs, by their file names. */
  readonly needed: readonly string[];
  /** Where it looks for them first. */
  readonly searchPath: string;
  /** The newest versions of symbols it needs, e.g. `GLIBC` → `2.28`. */
  readonly symbolVersions: Readonly<Record<string, string>>;
}

const MACHINES: Readonly<Record<number, ElfFacts['machine']>> = { 0x3e: 'x86_64', 0xb7: 'aarch64' };
const SECTION_DYNAMIC = 6;
const TAG_NEEDED = 1;
const TAG_RPATH = 15;
const TAG_RUNPATH = 29;

/**
 * Reads a 64-bit little-endian ELF file (the System V gABI's layout).
 *
 * @throws Error when it is none.
 */
export function readElf(file: Buffer): ElfFacts {
  if (file.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error('Not a 64-bit ELF file.');
  const sections = readSections(file);
  const dynamic = sections.find(({ type }) => type === SECTION_DYNAMIC);
  const strings = dynamic && sections[dynamic.link];
  if (!dynamic || !strings) throw new Error('The ELF file has no dynamic section.');
  const names = file.subarray(strings.offset, strings.offset + strings.size);
  const textAt = (at: number): string => names.toString('latin1', at, names.indexOf(0, at));
  const entries: { tag: number; text: string }[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = Number(file.readBigInt64LE(at));
    if (![TAG_NEEDED, TAG_RPATH, TAG_RUNPATH].includes(tag)) continue;
    entries.push({ tag, text: textAt(Number(file.readBigUInt64LE(at + 8))) });
  }
  return {
    machine: MACHINES[file.readUInt16LE(18)] ?? 'other',
    needed: entries.filter(({ tag }) => tag === TAG_NEEDED).map(({ text }) => text),
    searchPath: entries.find(({ tag }) => tag !== TAG_NEEDED)?.text ?? '',
    symbolVersions: newestVersions(names),
  };
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

function readSections(file: Buffer): Section[] {
  const table = Number(file.readBigUInt64LE(40));
  const size = file.readUInt16LE(58);
  return Array.from({ length: file.readUInt16LE(60) }, (_, index) => {
    const at = table + index * size;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
    };
  });
}

function newestVersions(names: Buffer): Record<string, string> {
  const newest: Record<string, string> = {};
  for (const [, name = '', version = ''] of names
    .toString('latin1')
    .matchAll(/\0([A-Z]+)_(\d+(?:\.\d+)+)(?=\0)/g)) {
    if (compareVersions(version, newest[name] ?? '0') > 0) newest[name] = version;
  }
  return newest;
}

/** Whether a version is older (negative), the same or newer (positive) than another. */
export function compareVersions(version: string, other: string): number {
  return version.localeCompare(other, 'en', { numeric: true });
}
