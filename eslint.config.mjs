import tseslint from 'typescript-eslint';
import { noCircles } from './noCircles.mjs';

/**
 * The import rule of docs/architecture.md: extension.ts → features → vscode/ → aws/, never up, never
 * sideways; the worker → aws/, and others know its protocol and journal; the sandbox, the function and
 * the webviews are islands, but for a webview's protocol. system/ is what the sandbox may know too.
 * Later blocks replace earlier ones for the files they name.
 */
const FEATURES = ['connections', 'explorer', 'jobs', 'resize', 'metrics', 'assistant'];
const layer = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
/** How many folders below src/ a file may be; a unit test holds it. */
const DEPTHS = [1, 2, 3, 4];
/**
 * A folder of src/ and what it may not import: folders and files of src/. As a name may stand for several
 * (there is src/metrics and src/aws/metrics), it is as many steps up as the file is below src/.
 */
const folder = (name, { folders, up, message, others }) =>
  DEPTHS.map(depth =>
    layer(
      [`src/${name}/${'*/'.repeat(depth - 1)}*.ts`],
      [
        {
          regex: `^(\\.\\./){${depth}}((\\.\\./src/)?(${folders.join('|')})|\\.\\./(lambda|test))/`,
          message,
        },
        {
          regex: `^(\\.\\./){${depth}}(${up.join('|')})\\.ts$`,
          message: 'Never import up.',
        },
        ...others,
      ],
    ),
  );
/** What is said between the worker and its host, and what both read in the journal. */
const WORKER = {
  regex: '^\\.{1,2}/(.*/)?worker/(?!(protocol|journal|taskLock)\\.ts$)',
  message: 'Only its protocol and journal are known outside the worker.',
};
/** What knows every feature. */
const ABOVE = ['extension', 'services', 'commands', 'commandTargets'];
const noVsCode = message => ({ regex: '^vscode$', message });

export const importRule = [
  layer(
    ['src/*.ts'],
    [
      {
        regex: '^(\\./sandbox|(\\.\\./)+(lambda|test))/',
        message: 'The sandbox and lambda are islands.',
      },
      WORKER,
    ],
  ),
  ...FEATURES.flatMap(feature =>
    folder(feature, {
      folders: [...FEATURES.filter(other => other !== feature), 'sandbox'],
      up: ['extension'],
      message: 'A feature imports vscode/ and aws/, never another feature.',
      others: [WORKER],
    }),
  ),
  ...folder('vscode', {
    folders: [...FEATURES, 'sandbox'],
    up: ['extension'],
    message: 'vscode/ imports aws/ only.',
    others: [WORKER],
  }),
  ...folder('worker', {
    folders: [...FEATURES, 'vscode', 'sandbox'],
    up: ABOVE,
    message: 'The worker imports aws/ only.',
    others: [noVsCode('The worker knows no VS Code.')],
  }),
  ...folder('aws', {
    folders: [...FEATURES, 'vscode', 'worker', 'sandbox'],
    up: ABOVE,
    message: 'aws/ imports nothing of what is above it.',
    others: [noVsCode('aws/ knows no VS Code.')],
  }),
  ...folder('sandbox', {
    folders: [...FEATURES, 'vscode', 'worker', 'aws'],
    up: ABOVE,
    message: 'The sandbox is an island.',
    others: [noVsCode('The sandbox knows no VS Code.')],
  }),
  ...folder('system', {
    folders: [...FEATURES, 'vscode', 'worker', 'aws', 'sandbox'],
    up: ABOVE,
    message: 'system/ imports nothing.',
    others: [noVsCode('system/ knows no VS Code.')],
  }),
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
      { regex: '^(\\.\\./)+(src|test)/', message: 'The function is an island.' },
      noVsCode('The function knows no VS Code.'),
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
