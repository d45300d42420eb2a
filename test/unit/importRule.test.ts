import { ESLint } from 'eslint';
import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../support/sources.ts';
import tseslint from 'typescript-eslint';
// @ts-expect-error eslint.config.mjs has no types; the rule's blocks are plain ESLint configuration.
import { circleRule, importRule } from '../../eslint.config.mjs';

const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  // The rule's own blocks name folders; this one makes ESLint look at TypeScript files at all.
  overrideConfig: [{ files: ['**/*.ts'] }, ...(importRule as object[])],
});

/** Whether the rule refuses `specifier` in `file`. */
async function refuses(file: string, specifier: string): Promise<boolean> {
  // Plain JavaScript is enough: the rule looks at the specifier and at where the file is.
  const [result] = await eslint.lintText(`import ${JSON.stringify(specifier)};`, {
    filePath: path.join(root, file),
  });
  return result!.messages.some(message => message.ruleId === 'no-restricted-imports');
}

const FORBIDDEN: [file: string, specifier: string][] = [
  // up
  ['src/aws/a.ts', '../vscode/progress.ts'],
  ['src/aws/a.ts', '../jobs/register.ts'],
  ['src/aws/a.ts', '../services.ts'],
  ['src/aws/a.ts', '../extension.ts'],
  ['src/aws/a.ts', 'vscode'],
  ['src/aws/deep/a.ts', '../../vscode/progress.ts'],
  ['src/aws/a.ts', '../metrics/register.ts'],
  ['src/aws/deep/a.ts', '../../metrics/register.ts'],
  ['src/aws/deep/a.ts', '../../services.ts'],
  ['src/jobs/deep/deeper/a.ts', '../../../../src/metrics/register.ts'],
  ['src/vscode/a.ts', '../explorer/register.ts'],
  ['src/vscode/deep/a.ts', '../../extension.ts'],
  ['src/vscode/a.ts', '../extension.ts'],
  ['src/jobs/a.ts', '../extension.ts'],
  // sideways
  ['src/jobs/a.ts', '../explorer/register.ts'],
  ['src/jobs/create/a.ts', '../../explorer/register.ts'],
  ['src/explorer/a.ts', '../jobs/register.ts'],
  ['src/connections/a.ts', '../jobs/register.ts'],
  ['src/resize/a.ts', '../metrics/register.ts'],
  ['src/assistant/acting/a.ts', '../../resize/register.ts'],
  ['src/jobs/a.ts', '../assistant/register.ts'],
  ['src/jobs/a.ts', '../worker/taskRunner.ts'],
  ['src/vscode/a.ts', '../worker/tasks.ts'],
  ['src/aws/a.ts', '../worker/protocol.ts'],
  ['src/worker/a.ts', '../vscode/progress.ts'],
  ['src/worker/a.ts', '../jobs/register.ts'],
  ['src/worker/a.ts', '../services.ts'],
  ['src/worker/a.ts', 'vscode'],
  // islands
  ['src/extension.ts', './sandbox/main.ts'],
  ['src/connections/a.ts', '../sandbox/server.ts'],
  ['src/aws/a.ts', '../sandbox/errors.ts'],
  ['src/sandbox/a.ts', '../aws/errors.ts'],
  ['src/sandbox/s3/a.ts', '../../aws/errors.ts'],
  ['src/sandbox/s3/a.ts', 'vscode'],
  ['src/sandbox/a.ts', '../commands.ts'],
  ['src/sandbox/s3/a.ts', '../../commands.ts'],
  ['src/system/a.ts', '../aws/errors.ts'],
  ['src/system/a.ts', '../sandbox/errors.ts'],
  ['src/system/a.ts', '../commands.ts'],
  ['src/system/a.ts', 'vscode'],
  ['src/sandbox/a.ts', '../../lambda/resize.ts'],
  ['src/sandbox/lambda/a.ts', '../../../lambda/resize.ts'],
  ['src/jobs/a.ts', '../../lambda/resize.ts'],
  ['src/jobs/a.ts', '../../test/support/paths.ts'],
  ['lambda/a.ts', '../src/aws/contentType.ts'],
  ['lambda/build/a.ts', '../../src/aws/objects/contentType.ts'],
  ['lambda/a.ts', '../test/support/paths.ts'],
  ['lambda/a.ts', 'vscode'],
  ['media/metrics/a.ts', '../../src/metrics/metricCache.ts'],
  ['media/metrics/a.ts', '../../src/aws/errors.ts'],
  ['media/metrics/a.ts', 'vscode'],
  ['media/metrics/a.ts', 'node:fs'],
];

const ALLOWED: [file: string, specifier: string][] = [
  ['src/extension.ts', './jobs/register.ts'],
  ['media/metrics/a.ts', '../../src/metrics/protocol.ts'],
  ['media/page/a.ts', '../../src/vscode/page/protocol.ts'],
  ['media/metrics/a.ts', '../dom.ts'],
  ['src/extension.ts', './vscode/showError.ts'],
  ['src/jobs/a.ts', '../vscode/progress.ts'],
  ['src/jobs/a.ts', '../aws/batchJobs/batchJobs.ts'],
  ['src/jobs/a.ts', '../services.ts'],
  ['src/jobs/a.ts', '../commands.ts'],
  ['src/jobs/create/a.ts', '../jobs.ts'],
  ['src/jobs/a.ts', 'vscode'],
  ['src/assistant/reading/a.ts', '../../aws/metrics/metricPeriod.ts'],
  // The sandbox and aws/ have folders with the names of others.
  ['src/aws/objectStory/a.ts', '../metrics/metricPeriod.ts'],
  ['src/jobs/create/a.ts', '../../aws/metrics/metricPeriod.ts'],
  ['src/vscode/a.ts', '../aws/metrics/metricPeriod.ts'],
  ['src/vscode/a.ts', '../aws/errors.ts'],
  ['src/vscode/a.ts', '../commands.ts'],
  ['src/aws/a.ts', './errors.ts'],
  ['src/aws/a.ts', '@aws-sdk/client-s3'],
  ['src/services.ts', './worker/protocol.ts'],
  ['src/jobs/a.ts', '../worker/protocol.ts'],
  ['src/vscode/hostedWorker/a.ts', '../../worker/journal.ts'],
  ['src/worker/a.ts', '../aws/errors.ts'],
  ['src/worker/a.ts', './journal.ts'],
  ['src/sandbox/s3/a.ts', '../errors.ts'],
  ['src/sandbox/s3/a.ts', '../../system/renameFile.ts'],
  ['src/aws/objects/a.ts', '../../system/renameFile.ts'],
  ['src/system/a.ts', 'node:fs'],
  ['src/sandbox/s3control/a.ts', '../s3/objects.ts'],
  ['src/sandbox/s3control/a.ts', '../lambda/lambdaEngine.ts'],
  ['src/sandbox/lambda/a.ts', '../s3/objects.ts'],
  ['lambda/a.ts', './resize.ts'],
  ['lambda/a.ts', 'sharp'],
];

describe('the import rule', () => {
  test.each(FORBIDDEN)('%s may not import %s', async (file, specifier) => {
    expect(await refuses(file, specifier)).toBe(true);
  });

  test.each(ALLOWED)('%s may import %s', async (file, specifier) => {
    expect(await refuses(file, specifier)).toBe(false);
  });
});

test('reaches every file of src', async () => {
  const deepest = Math.max(
    ...globSync('src/**/*.ts', { cwd: root }).map(file => file.split(path.sep).length - 2),
  );
  const up = '../'.repeat(deepest);
  const file = `src/jobs/${'deep/'.repeat(deepest - 1)}a.ts`;
  expect(await refuses(file, `${up}explorer/register.ts`)).toBe(true);
});

const circles = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
    circleRule as object,
  ],
});

/** What the rule says of a file with this text, the other files being as they are. */
async function circlesOf(file: string, text: string): Promise<string[]> {
  const [result] = await circles.lintText(text, { filePath: path.join(root, file) });
  return result!.messages.map(({ message }) => message);
}

const CIRCLES: [what: string, file: string, text: string][] = [
  ['two files', 'src/sandbox/uri.ts', "import { header } from './request.ts';"],
  ['a type', 'src/sandbox/uri.ts', "import type { SandboxRequest } from './request.ts';"],
  ["an import's type", 'src/sandbox/uri.ts', "type A = import('./request.ts').SandboxRequest;"],
  ['an import that waits', 'src/sandbox/uri.ts', "await import('./request.ts');"],
  ['what is passed on', 'src/sandbox/uri.ts', "export * from './request.ts';"],
  [
    'a file and a folder',
    'src/sandbox/store.ts',
    "import type { Role } from './iam/roleTable.ts';",
  ],
  // No import of tags.ts leads back to wildcard.ts, but folders would import each other.
  ['two folders', 'src/sandbox/iam/wildcard.ts', "import type { Tag } from '../s3/tags.ts';"],
];

describe('the rule of circles', () => {
  test.each(CIRCLES)('finds a circle by %s', async (_what, file, text) => {
    const [message] = await circlesOf(file, text);
    expect(message).toMatch(/^A circle of imports: (\S+) → .*\1\.$/);
  });

  test('lets a file import what does not lead back', async () => {
    const text =
      "import type { Role } from './iam/roleTable.ts'; import './uri.ts'; import 'node:fs';";
    expect(await circlesOf('src/sandbox/server.ts', text)).toEqual([]);
  });

  test('is on for every file', async () => {
    for (const file of ['src/extension.ts', 'src/aws/errors.ts', 'src/sandbox/server.ts']) {
      const config = (await new ESLint({ cwd: root }).calculateConfigForFile(file)) as {
        rules: Record<string, unknown[]>;
      };
      expect(config.rules['brigade/no-circles']?.[0]).toBe(2);
    }
  });
});
