import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ko } from '../support/korean.ts';
import { readJson, readText, root } from '../support/sources.ts';

type Texts = Readonly<Record<string, string>>;

/** What every text of a language that isn't written in Latin letters has. */
const LETTERS: Readonly<Record<string, RegExp>> = { ko: /\p{Script=Hangul}/u };

/**
 * A particle of which another is used after another ending, straight after a placeholder: nobody knows how that
 * ends. Both are given, as `{0}을(를)` and `{0}(으)로`, or a noun comes between: `{0} 함수를`.
 */
const PARTICLES: Readonly<Record<string, RegExp>> = {
  ko: /\{\d+\}["”’\]]*(?:(?:[을를이가은는과와]|으?로|이?라[는고])(?![가-힣(])|[를가는와로]\()/u,
};

it.each(['{0}을 삭제', '“{0}”이 없음', '{0}로 이동', '{0}는 없음', '{0}라는 이름', '{0}가(이)'])(
  'a bare particle is seen: %s',
  text => expect(text).toMatch(PARTICLES['ko']!),
);

it.each([
  '{0}을(를)',
  '“{0}”이(가)',
  '{0}(으)로',
  '{0}은(는)',
  '{0}과(와)',
  '“{0}”(이)라는',
  '파일 {0}개를',
])('both particles are fine: %s', text => expect(text).not.toMatch(PARTICLES['ko']!));

/** Names stay as they are in any language. */
const NAMES =
  /Amazon|AWS|S3|Lambda|CloudWatch|CloudTrail|CloudFormation|Terraform|EventBridge|Bucket Brigade|VS Code|CLI|IAM|KMS|SSE|STS|Node\.js|Markdown|JSON|CSV|YAML|HTTPS?|URLs?|URI|ARN|ETag|CRC|SHA|MD5|GiB|MiB|KiB|Glacier|Manifest|Intl|Metadata|ID\b/g;

/** An English text of two meanings has a comment with each, and a key made of both. */
type Message = string | { readonly message: string; readonly comment: readonly string[] };

function messagesOf(texts: Readonly<Record<string, Message>>): Texts {
  const messages = Object.entries(texts).map(([key, text]) => [
    key,
    typeof text === 'string' ? text : text.message,
  ]);
  return Object.fromEntries(messages) as Texts;
}

/** The texts in `package.nls.ko.json` and the like, by the name of their language. */
function filesOf(pattern: string): Map<string, string> {
  const files = globSync(pattern, { cwd: root });
  return new Map(files.map(file => [file.split('.').at(-2)!, file]));
}

const bundles = filesOf('l10n/bundle.l10n.*.json');
const manifests = filesOf('package.nls.*.json');

/** Placeholders, icons and links to commands: they work or don't, whatever the language. */
function fixedParts(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}|\$\([a-z-]+\)|command:[\w.]+/g))].sort();
}

/** Has words that are no names, codes, keys or placeholders. */
function hasWords(text: string): boolean {
  const words = text
    .replace(/`[^`]*`|\{\d+\}|\$\([a-z-]+\)|\[[^\]]*\]\(command:[\w.]+\)/g, ' ')
    .replace(NAMES, ' ')
    .split(/[^\p{L}\p{N}_:.*/-]+/u);
  // `s3:GetObject`, `STANDARD_IA`, `CacheControl`, `Cache-Control`: a capital, digit or sign within.
  return words.some(word => /^(\p{Lu}\p{Ll}{2,}|\p{Ll}{3,})[.:]?$/u.test(word));
}

it('there is a Korean, and each language has both of its files', () => {
  expect([...bundles.keys()]).toContain('ko');
  expect([...bundles.keys()].sort()).toEqual([...manifests.keys()].sort());
});

it('the texts that the UI tests follow in Korean are still ours', () => {
  const walks = globSync('test/ui/korean*.test.ts', { cwd: root });
  const followed = walks.flatMap(file => [...readText(file).matchAll(/\bko\(\s*'([^']+)'/g)]);
  expect(followed.length).toBeGreaterThan(10);
  expect(() => followed.forEach(([, text]) => ko(text!))).not.toThrow();
});

const pairs = [
  ...[...bundles.values()].map(file => ({ file, english: 'l10n/bundle.l10n.json' })),
  ...[...manifests.values()].map(file => ({ file, english: 'package.nls.json' })),
];

describe.each(pairs)('$file', ({ file, english }) => {
  const language = file.split('.').at(-2)!;
  const own = readJson(file) as Texts;
  const source = messagesOf(readJson(english) as Readonly<Record<string, Message>>);
  const texts = Object.entries(source).map(([key, text]) => ({ key, text, said: own[key] ?? '' }));

  it('has every text, and no other', () => {
    const keys = Object.keys(own);
    expect(Object.keys(source).filter(key => !keys.includes(key))).toEqual([]);
    expect(keys.filter(key => !(key in source))).toEqual([]);
  });

  it('is English as it stands in the source, unless a comment says which meaning', () => {
    const keys = Object.entries(source).filter(([key, text]) => key !== text);
    const commented = keys.filter(([key, text]) => key.startsWith(`${text}/`));
    if (english.startsWith('l10n')) expect(keys).toEqual(commented);
    else expect(commented).toEqual([]);
  });

  it('has the placeholders, icons and commands of each', () => {
    const wrong = texts.filter(
      ({ text, said }) => fixedParts(text).join() !== fixedParts(said).join(),
    );
    expect(wrong).toEqual([]);
  });

  it('leaves nothing in English that is not a name', () => {
    const letters = LETTERS[language];
    const left = texts.filter(
      ({ text, said }) =>
        hasWords(text) && (said === text || (letters !== undefined && !letters.test(said))),
    );
    expect(left).toEqual([]);
  });

  it('has no particle after a placeholder that fits only some endings', () => {
    const particles = PARTICLES[language];
    const bare = texts.flatMap(({ said }) => (particles?.test(said) ? [said] : []));
    expect(bare).toEqual([]);
  });

  // A sentence that names a title may end with another word.
  it('is tidy: no space at an end, no two, … where English has it', () => {
    const untidy = texts.filter(
      ({ text, said }) =>
        said !== said.trim() ||
        /\.\.\.| {2}/.test(said) ||
        (!/[.:] /.test(text) && text.endsWith('…') !== said.endsWith('…')),
    );
    expect(untidy).toEqual([]);
  });
});
