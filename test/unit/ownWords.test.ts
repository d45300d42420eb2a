import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import { fromErrorFacts, toErrorFacts, type ErrorFacts } from '../../src/aws/errorFacts.ts';
import { describeError, useErrorTexts } from '../../src/vscode/describeError.ts';
import { describeReason } from '../../src/vscode/describeReason.ts';
import { problemText } from '../../src/vscode/problemTexts.ts';

/** Codes of which describeError shows what the error says, where nothing else is known of it. */
const SHOWN = new Set(['Conflict', 'InvalidInput', 'FunctionFailed', 'Unknown']);
/** What describeError has a sentence for, or what AWS itself said. */
const SAID = /\b(reason|problem|awsMessage)\b|\.\.\.why\b/;

const problem = { kind: 'otherAccount', account: '111122223333', own: '444455556666' } as const;
const error = new BrigadeError('InvalidInput', 'For the log only', { subject: 'b', problem });

test('every error of src/aws and src/worker has a sentence in src/vscode, or AWS’s own words', () => {
  const errors = ['src/aws', 'src/worker'].flatMap(errorsIn);
  expect(errors.length).toBeGreaterThan(80);
  expect(errors.filter(isFreeText).map(({ text }) => text)).toEqual([]);
});

test('the check finds free text', () => {
  expect(isFreeText(errorsOf("new BrigadeError('Conflict', 'Free', { subject })")[0]!)).toBe(true);
  expect(isFreeText(errorsOf("new BrigadeError('NotFound', 'Free')")[0]!)).toBe(true);
});

test('a message for the log is not shown', () => {
  useErrorTexts({ problem: problemText, reason: describeReason });
  expect(describeError(error)).toBe(
    'b: The job is for account 111122223333, but you are connected to 444455556666.',
  );
});

test('nor after it came from another process', () => {
  useErrorTexts({ problem: problemText, reason: describeReason });
  const arrived = fromErrorFacts(JSON.parse(JSON.stringify(toErrorFacts(error))) as ErrorFacts);
  expect(describeError(arrived)).toBe(describeError(error));
});

interface Made {
  readonly text: string;
  readonly code: string | undefined;
  readonly details: string;
}

/** Those whose code is not known here are made of other errors, with all that those say. */
function isFreeText({ code, details }: Made): boolean {
  if (code === 'NotFound') return !/\bsubject\b/.test(details) && !SAID.test(details);
  return code !== undefined && SHOWN.has(code) && !SAID.test(details);
}

function errorsIn(folder: string): Made[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .flatMap(name => errorsOf(readFileSync(join(folder, name), 'utf8')));
}

function errorsOf(source: string): Made[] {
  const found: Made[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'BrigadeError') {
      const [code, , details] = node.arguments ?? [];
      found.push({
        text: node.getText(),
        code: code && ts.isStringLiteral(code) ? code.text : undefined,
        details: details?.getText() ?? '',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}
