import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptTexts } from '../../src/vscode/keptTexts.ts';
import { isPosix } from '../support/posix.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brigade-texts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps texts for another run, readable by their owner alone, until they are forgotten', async () => {
  const place = join(folder, 'documents');
  const texts = new KeptTexts(place);
  texts.keep('/report/1/a.md', 'first');
  texts.keep('/report/1/a.md', '# 😀');
  texts.keep('/report/2/../../b.md', 'other');
  expect(await texts.read('/report/1/a.md')).toBe('# 😀');
  const after = new KeptTexts(place);
  expect(await after.read('/report/1/a.md')).toBe('# 😀');
  expect(await after.read('/none')).toBeUndefined();
  const [file = ''] = readdirSync(place);
  if (isPosix) expect(statSync(join(place, file)).mode & 0o077).toBe(0);
  after.forget('/report/1/a.md');
  expect(await after.read('/report/1/a.md')).toBeUndefined();
});

it('removes what was left behind a month ago', async () => {
  const old = join(folder, 'old.txt');
  writeFileSync(old, 'x');
  utimesSync(old, 0, Date.now() / 1000 - 31 * 24 * 3600);
  const texts = new KeptTexts(folder);
  texts.keep('/a', 'b');
  expect(await texts.read('/a')).toBe('b');
  expect(readdirSync(folder)).toHaveLength(1);
});

it('does without where nothing can be kept', async () => {
  writeFileSync(join(folder, 'file'), '');
  const texts = new KeptTexts(join(folder, 'file', 'documents'));
  texts.keep('/a', 'b');
  texts.forget('/a');
  expect(await texts.read('/a')).toBeUndefined();
});
