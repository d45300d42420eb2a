// What people read before they have the extension: its page in the shops, and the documents it leads to.
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, root } from '../support/sources.ts';

const DOCUMENTS = globSync('{*,docs/*}.md', { cwd: root }).map(file => file.replaceAll('\\', '/'));

/** Without what is no text: code may have brackets. */
function textOf(file: string): string {
  return readText(file)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, '');
}

function linksOf(file: string): string[] {
  return [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  const headings = [...readText(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map(heading =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

function isBroken(from: string, link: string): boolean {
  if (/^https?:/.test(link)) return false;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file);
  if (!existsSync(path.join(root, target))) return true;
  return anchor !== undefined && !anchorsOf(target).has(anchor);
}

describe('the documents', () => {
  it.each(DOCUMENTS)('%s leads to what is there', file => {
    expect(linksOf(file).filter(link => isBroken(file, link))).toEqual([]);
  });

  it('show every picture that is kept', () => {
    const shown = new Set(DOCUMENTS.flatMap(linksOf).map(link => path.posix.basename(link)));
    const kept = globSync('*', { cwd: path.join(root, 'docs', 'images') });
    expect(kept.filter(picture => !shown.has(picture))).toEqual([]);
  });
});

describe.each([
  ['README.md', 'README.ko.md'],
  ['docs/features.md', 'docs/features.ko.md'],
])('%s and %s', (english, korean) => {
  const shape = (file: string) => ({
    headings: [...textOf(file).matchAll(/^#+(?= )/gm)].map(([marks]) => marks),
    pictures: linksOf(file).filter(link => link.endsWith('.png')),
    actions: [...readText(file).matchAll(/`[a-z0-9]+:[A-Z]\w+`/g)].map(([action]) => action),
    rows: [...textOf(file).matchAll(/^\|/gm)].length,
  });

  it('say the same, section by section', () => {
    expect(shape(korean)).toEqual(shape(english));
  });
});
