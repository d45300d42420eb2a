import { globSync } from 'node:fs';
import { expect, describe, it } from 'vitest';
import { readJson, readText, root } from '../support/sources.ts';

/** What no text says, and what it says instead or why not: docs/wording.md has the rules. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bshall\b/i, 'legalese: should, or the imperative'],
  [/\banew\b/i, 'again'],
  [/\b(nevertheless|nonetheless)\b/i, 'anyway'],
  [/\bbeside (it|them|those|the)\b/i, 'next to, or besides'],
  [/\btak(e|es|ing) (it |them |this )?on\b/i, 'a role is assumed'],
  [/\btold about\b/i, 'S3 sends events to a function, or invokes it'],
  [/\btakes? (no|it|them) such\b/i, 'does not support'],
  [/\bgives? (a part|only a part|all) of\b/i, 'returns'],
  [/\btells? (of|on)\b/i, 'shows, reports'],
  [/\btells? .*\bapart\b/i, 'distinguishes, or: case-sensitive'],
  [/\bcapitals\b/i, 'uppercase letters, or: case-sensitive'],
  [/\bknows? no\b/i, 'does not support'],
  [/\bmakes of (it|them|this)\b/i, 'say what is created'],
  [/\b(a |the )?tag(s|ged)? .*\bby a batch job\b/i, 'with a batch job'],
  [/\bwhat (shall |should )?become of\b/i, 'ask: Delete …?'],
  [/\bgo(es)? on\b/i, 'continue, or: Type … to confirm'],
  [/\bis run already\b|\bwas run already\b/i, 'has already been started'],
  [/\basks? for fewer\b/i, 'AWS is throttling requests'],
  [/\bask for that permission\b/i, 'Missing permission: …'],
  [/\bleave\b.*\baway\b/i, 'remove'],
  [/\bthose ending\b/i, 'with suffix'],
  [/\bin whatever way\b/i, 'all'],
  [/\bmore processor\b/i, 'CPU scales with memory'],
  [/\b(of|by) the width\b|\bwidth asks\b/i, 'Proportional'],
  [/\bcounts from\b/i, 'takes effect when'],
  [/\bstill there\b/i, 'remaining'],
  [/\bwhose buckets\b/i, 'Select a connection'],
  [/\bis there already\b/i, 'already exists'],
  [/\bnothing otherwise\b|\bsays otherwise\b/i, 'default'],
  [/\bfits? (the filter|what)\b/i, 'matches the filter'],
  [/\bby itself\b.*\bcharged?\b/i, 'automatically'],
  [/\bunfinished uploads?\b/i, 'incomplete multipart uploads'],
  [/\bthere twice\b/i, 'duplicate'],
  [/\d\} a second\b|\bone key a line\b|\brequest a row\b/i, 'per second, per line, per row'],
  [/\blooked at\b/i, 'scanned, checked or read'],
  [/\bwithout end\b/i, 'in an endless loop'],
  [/\bwhat had been done\b|\bhad been changed\b/i, 'All changes were rolled back'],
  [/\bhas deployed no(thing)?\b/i, 'hasn’t deployed'],
  [/\bleads? out of\b/i, 'points outside'],
  [/\b(deleted|removed|lost) for good\b/i, 'permanently deleted'],
  [/\byou may not (read|ask|look)\b/i, 'can’t read; Missing permission: …'],
  [/^Which .*\?$/, 'Select …'],
  [/\bworked on\b/i, 'processed'],
  [/\bformer tags\b/i, 'previous tags'],
  [/\b(cannot|could not|does not|is not)\b/i, 'can’t, isn’t …'],
  [/\w'(s|t|re)\b/, 'the apostrophe is ’'],
  [/\bObject(Created|Removed):/, 'All object create events; the code is in the tooltip'],
  [/\bplease\b|\boops\b|\bsorry\b/i, 'say what happened and what to do next'],
  [/\bclick here\b/i, 'name what is clicked'],
  [/\b(master|slave|whitelist|blacklist|dummy|sanity)\b/i, 'not inclusive'],
  [/\be\.g\.|\bi\.e\.|\betc\./i, 'such as, that is'],
];

/** What comments don't say either: those that read oddly wherever they stand. */
const BANNED_IN_COMMENTS = BANNED.filter(([, instead]) =>
  ['legalese: should, or the imperative', 'again', 'anyway', 'not inclusive'].includes(instead),
).concat([
  [/\btells?\b.{1,60}\bapart\b|\btold apart\b/i, 'distinguishes'],
  [/\bcapitals\b/i, 'uppercase letters'],
  [/\bfor good\b/i, 'permanently'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\btak(es?|ing) on (a|the|this|its) role\b/i, 'assume'],
]);

interface Text {
  readonly file: string;
  readonly text: string;
}

const texts: readonly Text[] = [
  ...jsonTexts('l10n/bundle.l10n.json'),
  ...jsonTexts('package.nls.json'),
  ...jsonTexts('media/schemas/s3job.schema.json'),
  ...globSync('media/walkthrough/*', { cwd: root }).flatMap(drawnTexts),
];

/** Korean has rules of its own, wording.md names what is banned, and the changelog what was reworded. */
const DOCUMENTS = globSync('{README,CONTRIBUTING,SECURITY,docs/*}.md', { cwd: root })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !/\.ko\.md$|wording\.md$/.test(file));

/** Markdown keeps the apostrophe of the keyboard. */
const BANNED_IN_PROSE = BANNED.filter(([, instead]) => instead !== 'the apostrophe is ’');

const prose: readonly Text[] = DOCUMENTS.flatMap(proseOf);

/** A function's own packages are below its folder. */
const SOURCES = globSync(['{src,media}/**/*.ts', 'lambda/*/*.ts'], { cwd: root });

const comments: readonly Text[] = SOURCES.flatMap(file =>
  [...readText(file).matchAll(/\/\*\*[^]*?\*\/|^ *\/\/.*$/gm)].map(([comment]) => ({
    file,
    text: comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim(),
  })),
);

/** The sentences and cells of a document, without its code. */
function proseOf(file: string): Text[] {
  return readText(file)
    .replace(/^```[^]*?^```$/gm, '')
    .replace(/`[^`]*`/g, '…')
    .split(/\r?\n\s*\n|(?<=[.:;])\s+|\|/)
    .map(text => ({ file, text: text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '');
}

function jsonTexts(file: string): Text[] {
  return stringsOf(readJson(file)).map(text => ({ file, text }));
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/** What stands between the tags of a picture, or in a page of Markdown. */
function drawnTexts(file: string): Text[] {
  return readText(file)
    .split(/<[^>]*>/)
    .map(text => ({ file, text: text.trim() }))
    .filter(({ text }) => text !== '');
}

describe('no text that a user reads', () => {
  it.each(BANNED.map(([pattern, instead]) => ({ pattern, instead })))(
    'has $pattern ($instead)',
    ({ pattern }) => {
      expect(texts.filter(({ text }) => pattern.test(text))).toEqual([]);
    },
  );

  it('is missing here', () => {
    const files = new Set(texts.map(({ file }) => file));
    expect(texts.length).toBeGreaterThan(2500);
    expect([...files]).toContain('l10n/bundle.l10n.json');
  });
});

describe('no document', () => {
  it.each(BANNED_IN_PROSE.map(([pattern, instead]) => ({ pattern, instead })))(
    'has $pattern ($instead)',
    ({ pattern }) => {
      expect(prose.filter(({ text }) => pattern.test(text))).toEqual([]);
    },
  );

  it('is missing here', () => {
    expect(new Set(prose.map(({ file }) => file))).toEqual(new Set(DOCUMENTS));
    expect(DOCUMENTS.length).toBeGreaterThan(13);
    expect(BANNED_IN_PROSE).toHaveLength(BANNED.length - 1);
  });
});

describe('no comment', () => {
  it.each(BANNED_IN_COMMENTS.map(([pattern, instead]) => ({ pattern, instead })))(
    'has $pattern ($instead)',
    ({ pattern }) => {
      expect(comments.filter(({ text }) => pattern.test(text))).toEqual([]);
    },
  );

  it('is missing here', () => {
    expect(comments.length).toBeGreaterThan(7000);
    expect(BANNED_IN_COMMENTS).toHaveLength(4 + 5);
  });
});
