import tseslint from 'typescript-eslint';
import { noCircles } from './noCircles.mjs';

/**
 * The import rule of docs/architecture.md: extension.ts → features → vscode/ → aws/, never up, never
 * sideways; the worker → aws/, and others know its protocol and journal; the sandbox, the function and
 * the webviews are islands, but for a webview's protocol.
 * Later blocks replace earlier ones for the files they name.
 */
const FEATURES = ['connections', 'explorer', 'jobs', 'resize', 'metrics', 'assistant'];
const layer = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const forbid = (folders, message) => ({
  regex: `^\\.{1,2}/(.*/)?(${folders.join('|')})/`,
  message,
});
/** What is said between the worker and its host, and what both read in the journal. */
const WORKER = {
  regex: '^\\.{1,2}/(.*/)?worker/(?!(protocol|journal|taskLock)\\.ts$)',
  message: 'Only its protocol and journal are known outside the worker.',
};
const UP = { regex: '^\\.\\./(extension|services|commands)\\.ts$', message: 'Never import up.' };

export const importRule = [
  layer(
    ['src/**'],
    [forbid(['sandbox', 'lambda', 'test'], 'The sandbox and lambda are islands.'), WORKER],
  ),
  ...FEATURES.map(feature =>
    layer(
      [`src/${feature}/**`],
      [
        {
          // aws/ has a folder of metrics too.
          ...forbid(
            [...FEATURES.filter(other => other !== feature), 'sandbox', 'lambda', 'test'],
            'A feature imports vscode/ and aws/, never another feature.',
          ),
          ...(feature === 'assistant' && {
            regex: `^(\\.\\./)+(${[...FEATURES, 'sandbox', 'lambda', 'test'].filter(other => other !== feature).join('|')})/`,
          }),
        },
        { regex: '^\\.\\./extension\\.ts$', message: 'Never import up.' },
        WORKER,
      ],
    ),
  ),
  layer(
    ['src/vscode/**'],
    [
      forbid([...FEATURES, 'sandbox', 'lambda', 'test'], 'vscode/ imports aws/ only.'),
      { regex: '^\\.\\./extension\\.ts$', message: 'Never import up.' },
      WORKER,
    ],
  ),
  layer(
    ['src/worker/**'],
    [
      forbid([...FEATURES, 'vscode', 'sandbox', 'lambda', 'test'], 'The worker imports aws/ only.'),
      { regex: '^vscode$', message: 'The worker knows no VS Code.' },
      UP,
    ],
  ),
  layer(
    ['src/aws/**'],
    [
      forbid(
        [...FEATURES, 'vscode', 'worker', 'sandbox', 'lambda', 'test'],
        'aws/ knows no VS Code.',
      ),
      { regex: '^vscode$', message: 'aws/ knows no VS Code.' },
      UP,
    ],
  ),
  layer(
    ['src/sandbox/**'],
    [
      forbid([...FEATURES, 'vscode', 'worker', 'aws', 'test'], 'The sandbox is an island.'),
      // The sandbox has a folder of that name too; the function's is beside src.
      { regex: '^(\\.\\./){2,}lambda/', message: 'The sandbox is an island.' },
      { regex: '^vscode$', message: 'The sandbox knows no VS Code.' },
      UP,
    ],
  ),
  layer(
    ['media/**'],
    [
      {
        regex: '^(\\.\\./)+(?!src/([a-zA-Z]+/)+protocol\\.ts$)(src|test|lambda)/',
        message: 'A webview knows its protocol only.',
      },
      { regex: '^(vscode|node:.*)$', message: 'A webview runs in a browser.' },
    ],
  ),
  layer(
    ['lambda/**'],
    [
      forbid(['src', 'test'], 'The function is an island.'),
      { regex: '^vscode$', message: 'The function knows no VS Code.' },
    ],
  ),
];

/** No circle of files or folders, types included: what imports each other in turn is one thing. */
export const circleRule = {
  files: ['{src,media,lambda}/**/*.ts'],
  plugins: { brigade: { rules: { 'no-circles': noCircles } } },
  rules: { 'brigade/no-circles': ['error', ['{src,media,lambda}/**/*.ts']] },
};

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '**/*.mjs', 'test/fixtures/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-exports': 'off' } },
  ...importRule,
  circleRule,
);
