import { parse as parseHcl } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { cliScript } from '../../../../src/aws/export/cliScript.ts';
import {
  cloudFormation,
  cloudFormationTemplate,
} from '../../../../src/aws/export/cloudFormation.ts';
import type { DeploymentFacts, OwnRole } from '../../../../src/aws/export/deploymentFacts.ts';
import { terraform } from '../../../../src/aws/export/terraform.ts';
import { NEW } from '../../../support/exportFacts.ts';

/** What some syntax takes for something else, and text of any kind between it. */
const PIECES = [
  ...[
    "'",
    '"',
    '`',
    '\\',
    '$HOME',
    '$(id)',
    '`id`',
    '${a}',
    '%{b}',
    '%{ if true }',
    '!!',
    '!Ref a',
  ],
  ...['{{x', '{{', '}}', ': ', '- ', '#', '%PATH%', '\n', '\r\n', '\n\n', '\t', ' ', '\u0000'],
  ...[
    'EOF',
    '---',
    '~',
    'no',
    'null',
    '0123',
    '1_000',
    '12:30:45',
    '2026-01-01',
    '1e3',
    '.inf',
    '<<',
  ],
  ...['\u0085', '\u2028', '\ufeff', '한', '😀', 'ü', '&a', '*a', '@', '|', '>', '--cli-input-json'],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 6,
  })
  .map(pieces => pieces.join(''));

/** A deployment with texts wherever people give them. */
const facts: fc.Arbitrary<DeploymentFacts> = fc
  .record({ description: text, value: text, key: text, tag: text, prefix: text, account: text })
  .map(({ description, value, key, tag, prefix, account }) => ({
    ...NEW,
    accountId: `0${'1234567890'.slice(0, 11 - (account.length % 2))}`.padEnd(12, '0'),
    function: {
      ...NEW.function,
      ...{ description, environment: { KEY_TEMPLATE: value }, hiddenVariables: [] },
      reservedConcurrency: 3,
      tags: { ...NEW.function.tags, [`k${key}`]: tag },
    },
    role: { ...(NEW.role as OwnRole), description: value, tags: { [`k${key}`]: tag } },
    entries: [{ ...NEW.entries[0]!, prefix }],
  }));

describe('any text', () => {
  it('is in the YAML of a template as it was', () => {
    fc.assert(
      fc.property(facts, given => {
        const yaml = cloudFormation(given);
        for (const version of ['1.1', '1.2'] as const) {
          const read: unknown = parseYaml(yaml, { version });
          expect(read).toEqual(cloudFormationTemplate(given));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is in HCL as it was', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async given => {
        const read = (await parseHcl('main.tf', terraform(given))) as {
          resource: Record<string, Record<string, Record<string, unknown>[]>>;
        };
        const [lambda] = read.resource['aws_lambda_function']!['resize']!;
        const { description, tags, environment } = given.function;
        // The parser gives templates as they are written; an empty text is no description.
        expect(unescaped(lambda!['description'] ?? '')).toBe(description);
        expect(unescaped(lambda!['environment'])).toEqual([{ variables: environment }]);
        expect(unescaped(lambda!['tags'])).toEqual(tags);
      }),
      { numRuns: 100 },
    );
  });

  describe.each(['sh', 'dash', 'bash', 'zsh'].filter(installed))('in a script for %s', shell => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'any text '));
      const program = join(folder, 'aws');
      writeFileSync(program, FAKE_CLI);
      chmodSync(program, 0o755);
      writeFileSync(join(folder, 'a.zip'), '');
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('comes to the CLI as it was', () => {
      fc.assert(
        fc.property(facts, given => {
          const code = { name: 'a.zip', path: join(folder, 'a.zip') };
          const script = cliScript({ ...given, function: { ...given.function, code } });
          const calls = join(folder, 'calls');
          writeFileSync(calls, '');
          const env = {
            PATH: [folder, process.env['PATH']].join(delimiter),
            CALLS: calls,
            ACCOUNT: given.accountId,
          };
          execFileSync(shell, ['-euc', script], { env, cwd: folder, stdio: 'pipe' });
          const made = new Map(
            readFileSync(calls, 'utf8')
              .split('\u0001\u0000')
              .map(call => call.split('\u0000'))
              .map(
                words =>
                  [words.find(word => /^[a-z]+-[a-z-]+$/.test(word)), jsonOf(words)] as const,
              ),
          );
          const { description, tags, environment } = given.function;
          expect(JSON.parse(made.get('create-function') ?? '')).toMatchObject({
            ...(description !== '' && { Description: description }),
            Environment: { Variables: environment },
            Tags: tags,
          });
          const role = given.role as OwnRole;
          expect(JSON.parse(made.get('create-role') ?? '')).toMatchObject({
            ...(role.description !== '' && { Description: role.description }),
            Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
          });
          expect(made.has('put-function-concurrency')).toBe(true);
          expect(JSON.parse(made.get('add-permission') ?? '')).toMatchObject({
            SourceAccount: given.permissions[0]?.sourceAccount,
          });
        }),
        { numRuns: 8 },
      );
    });
  });
});

/** What the CLI was given as its input. */
function jsonOf(words: readonly string[]): string | undefined {
  return words[words.indexOf('--cli-input-json') + 1];
}

function installed(shell: string): boolean {
  return spawnSync(shell, ['-c', ':']).status === 0;
}

function unescaped(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/([$%])\1(?=\{)/g, '$1'));
}

/** Writes down its words; nothing is there yet. */
const FAKE_CLI = `#!/bin/sh
for word; do printf '%s\\0' "$word" >> "$CALLS"; done
printf '\\001\\0' >> "$CALLS"
case " $* " in
*' get-caller-identity '*) echo "$ACCOUNT" ;;
*' list-role-tags '* | *' get-function '* | *' head-bucket '* | *' get-policy '*) exit 254 ;;
*' get-bucket-notification-configuration '*) echo '{}' ;;
esac
`;
