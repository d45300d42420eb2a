import { describe, expect, it } from 'vitest';
import { parseSource, parseSources } from '../support/sources.ts';
import { untranslatedStrings } from '../support/visibleStrings.ts';

/** Texts that are the same in every language, or are no text, by file. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/explorer/buckets/createBucket.ts': ['my-bucket'],
  'src/jobs/create/answerQuestion.ts': ['s3://bucket/prefix'],
  'src/jobs/create/askRole.ts': ['arn:aws:iam::123456789012:role/name'],
  'src/resize/askRole.ts': ['arn:aws:iam::123456789012:role/name'],
  'src/resize/createFunction/askFunction.ts': ['s3://bucket/function.zip'],
};

describe('texts that the user sees', () => {
  const found = parseSources(
    'src/*.ts',
    'src/{vscode,connections,explorer,jobs,resize,metrics,assistant}/**/*.ts',
  ).flatMap(source =>
    untranslatedStrings(source)
      .filter(text => !ALLOWED[source.fileName]?.includes(text.replace(/^\d+: /, '')))
      .map(text => `${source.fileName}:${text}`),
  );

  it('all come from l10n.t', () => {
    expect(found).toEqual([]);
  });

  it.each([
    "window.showErrorMessage('Oh no')",
    'void window.showInformationMessage(`Deleted ${count} objects`)',
    "item.tooltip = 'Not yet'",
    "item.description = busy ? 'busy' : undefined",
    "pick({ title: 'Choose one', items })",
    "progress.report({ message: 'Half' })",
    "new TreeItem('No tags')",
    "markdown.appendMarkdown('**Account** ' + id)",
    "createTerminal({ name: 'Sign in' })",
  ])('would be found: %s', code => {
    expect(untranslatedStrings(parseSource('x.ts', code))).toHaveLength(1);
  });

  it.each([
    "window.showErrorMessage(l10n.t('Oh no'))",
    "item.text = `$(database) ${l10n.t('Sandbox')}`",
    "markdown.appendMarkdown('\\n\\n|--|--|\\n')",
    "log.info('started')",
    "new BrigadeError('NotFound', 'No such profile')",
    "throw new Error('message')",
    'item.description = formatSize(size)',
  ])('would be left alone: %s', code => {
    expect(untranslatedStrings(parseSource('x.ts', code))).toEqual([]);
  });
});
