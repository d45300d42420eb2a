import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { QuickPick } from 'vscode';
import { BrigadeError } from '../../src/aws/errors.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { askOptions } from '../../src/resize/options/askOptions.ts';
import { askText, pick, runSteps } from '../../src/vscode/prompts.ts';
import { eventually } from './eventually.ts';
import { press } from './press.ts';

const isCancelled = (error: unknown): boolean =>
  error instanceof BrigadeError && error.code === 'Cancelled';

describe('prompts', () => {
  const items = ['one', 'two', 'three'].map(label => ({ label }));

  it('give what was picked, beginning at the active item', async () => {
    const picked = pick({
      title: 'Numbers',
      placeholder: 'Choose',
      items: () => Promise.resolve(items),
      active: ({ label }) => label === 'two',
    });
    await press('accept');
    assert.equal((await picked).label, 'two');
  });

  it('show what takes longer in its place when it comes, and keep what is active', async () => {
    const shown: QuickPick<{ label: string }>[] = [];
    const { createQuickPick } = vscode.window;
    Object.assign(vscode.window, {
      createQuickPick: () => {
        const input = createQuickPick<{ label: string }>();
        shown.push(input);
        return input;
      },
    });
    const counting = Promise.withResolvers<{ label: string; description: string }[]>();
    const picked = pick<{ label: string; description?: string }>({
      ...{ title: 'Numbers', placeholder: 'Choose', items },
      later: () => counting.promise,
    });
    Object.assign(vscode.window, { createQuickPick });
    const [input] = shown;
    assert.ok(input);
    const active = () => input.activeItems[0];
    await eventually(() => assert.equal(active()?.label, 'one'));
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await eventually(() => assert.equal(active()?.label, 'two'));
    assert.equal(input.busy, true);
    counting.resolve(items.map(item => ({ ...item, description: 'counted' })));
    await eventually(() => assert.deepEqual(active(), { label: 'two', description: 'counted' }));
    await press('accept');
    assert.deepEqual(await picked, { label: 'two', description: 'counted' });
  });

  it('are cancelled by Escape', async () => {
    const picked = pick({ title: 'Numbers', placeholder: 'Choose', items });
    const refused = assert.rejects(picked, isCancelled);
    await press('escape');
    await refused;
  });

  it('fail with what keeps the items from being read', async () => {
    const failing = (): Promise<never> => Promise.reject(new BrigadeError('AccessDenied', 'no'));
    await assert.rejects(
      pick({ title: 'Numbers', placeholder: 'Choose', items: failing }),
      (error: unknown) => error instanceof BrigadeError && error.code === 'AccessDenied',
    );
  });

  it('stop reading the items when they are closed', async () => {
    let reading: AbortSignal | undefined;
    const picked = pick({
      title: 'Numbers',
      placeholder: 'Choose',
      items: signal => {
        reading = signal;
        return new Promise<never>(() => undefined);
      },
    });
    const refused = assert.rejects(picked, isCancelled);
    await press('escape');
    await refused;
    assert.equal(reading?.aborted, true);
  });

  it('take a text only when it is right', async () => {
    const seen: string[] = [];
    const answer = askText({
      title: 'Name',
      prompt: 'Name',
      value: 'bad',
      validate: text => {
        seen.push(text);
        return text === 'bad' && seen.length < 2 ? 'Not this' : undefined;
      },
    });
    await press('accept');
    await press('accept');
    assert.equal(await answer, 'bad');
    assert.equal(seen.length, 2);
  });
});

describe('a series of questions', () => {
  it('goes back to the last question that was really asked', async () => {
    const log: string[] = [];
    let first = 0;
    const done = runSteps([
      async position => {
        first++;
        const { label } = await pick({
          ...position,
          title: 'First',
          placeholder: 'Choose',
          items: [{ label: `first ${first}` }],
        });
        log.push(label);
        return undefined;
      },
      () => Promise.resolve('skipped'),
      async position => {
        assert.equal(position.canGoBack, true);
        assert.equal(position.step, 3);
        assert.equal(position.totalSteps, 3);
        log.push(await askText({ ...position, title: 'Third', prompt: 'Text', value: 'third' }));
        return undefined;
      },
    ]);
    await press('accept');
    await press('back');
    await press('accept');
    await press('accept');
    await done;
    assert.deepEqual(log, ['first 1', 'first 2', 'third']);
  });

  it('begins where it stopped, and goes back from there', async () => {
    const log: string[] = [];
    const question = (title: string) => async (position: object) => {
      log.push(await askText({ ...position, title, prompt: 'Text', value: title }));
      return undefined;
    };
    const done = runSteps([question('First'), question('Second'), question('Third')], 2);
    await press('back');
    await press('accept');
    await press('accept');
    await done;
    assert.deepEqual(log, ['Second', 'Third']);
  });

  it('ends, without what follows, when a question is dismissed', async () => {
    const never = (): Promise<undefined> => assert.fail('asked after Escape');
    const done = runSteps([
      async position => {
        await askText({ ...position, title: 'First', prompt: 'Text' });
        return undefined;
      },
      never,
    ]);
    const refused = assert.rejects(done, isCancelled);
    await press('escape');
    await refused;
  });
});

describe('the list of settings', () => {
  const before = {
    settings: DEFAULT_SETTINGS,
    prefix: '',
    suffixes: [],
    architecture: 'x86_64' as const,
    memoryMegabytes: 1536,
    timeoutSeconds: 60,
  };

  it('is come back to by Escape in one of them, which stays as it was', async () => {
    const answered = askOptions({ title: 'Settings' }, before);
    await press('next');
    await press('accept');
    await press('escape');
    await press('previous');
    await press('accept');
    assert.deepEqual(await answered, before);
  });

  it('is itself left by Escape', async () => {
    const refused = assert.rejects(askOptions({ title: 'Settings' }, before), isCancelled);
    await press('escape');
    await refused;
  });
});
