/** Legal keys that programs get wrong: what must be encoded, and what looks like a path but is none. */
const PIECES = [
  'plain',
  'two words',
  ' leading space',
  'trailing space ',
  'a  b   c',
  '1+1=2',
  'a%20b',
  '100%',
  '%',
  '%2F',
  '#hash',
  'what?',
  'a=b&c=d',
  "it's",
  'say "hi"',
  '`tick`',
  'back\\slash',
  'comma,comma',
  'semi;colon',
  'a:b@c',
  '$HOME',
  '~tilde^caret|pipe',
  '<tag>',
  '[x] {y} (z)',
  '*.txt',
  '!exclaim',
  'tab\there',
  'line\nbreak',
  'naïve café',
  'cafe\u0301',
  'Ελληνικά',
  'русский',
  'עברית',
  '日本語',
  '한국어',
  '😀',
  '👩‍👩‍👧‍👦 family',
  '\u00a0no-break',
  'zero\u200bwidth',
  '_', // stands alone, for the shortest name
];

/** Names that a file system, or a URL parser, would resolve away. */
const PATHS = [
  '.',
  '..',
  './x',
  '../x',
  'a/./b',
  'a/../b',
  '//',
  '/leading',
  'a//b',
  'a///b',
  'folder/',
  'folder//',
  'folder/with/many/levels/of/folders/in/it.txt',
  'no-extension',
  '.hidden',
  '...',
  'con',
  'CASE',
  'case',
  'null',
  'undefined',
  '0',
  'x'.repeat(1024),
  `${'x'.repeat(200)}/${'y'.repeat(200)}/${'é'.repeat(300)}`,
];

/** A few hundred distinct keys, the same on every call. */
export function hardKeys(): string[] {
  const keys = PIECES.flatMap(piece => [
    piece,
    `${piece}.jpg`,
    `${piece}/`,
    `${piece}/inside.txt`,
    `in/${piece}`,
    `in/${piece}/deep/${piece}.png`,
    `twice//${piece}`,
  ]);
  return [...new Set([...keys, ...PATHS])];
}

/** A key as manifests have it: each part percent-encoded, so that no CSV quoting is needed. */
export function encodeManifestKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}
