import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/aws/pace.ts';
import { inputAfter, MAX_FAILURES } from '../../src/aws/copies/copies.ts';
import { runCopies } from '../../src/aws/copies/runCopies.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import type { PassedRequest } from '../support/s3Proxy.ts';
import { CopyWorld, isCopy, taskFolder } from './copyWorld.ts';

const world = CopyWorld.forTests();

const isDeletion = ({ path }: PassedRequest): boolean => path.includes('?delete');

describe('a move whose surroundings fail', () => {
  it('says each object when access is lost half way, and finishes when it is back', async () => {
    const sources = await world.putMany('from/', 40);
    const clients = await assumeNewRole(world.on, `mover-${world.bucket}`, [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    ]);
    const policy = (Action: string) => ({
      Bucket: world.bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            ...{
              Effect: 'Deny',
              Principal: '*',
              Action,
              Resource: `arn:aws:s3:::${world.bucket}/to/*`,
            },
            Condition: { StringLike: { 'aws:PrincipalArn': `*mover-${world.bucket}*` } },
          },
        ],
      }),
    });
    let copies = 0;
    const input = world.move('from/', 'to/');
    const first = await world.run(input, clients, {
      onProgress: ({ done }) => {
        if (done >= 10 && copies++ === 0) {
          void world.on.clients.s3().send(new PutBucketPolicyCommand(policy('s3:PutObject')));
        }
      },
    });
    expect(first.done + first.failed).toBe(40);
    expect((await world.keys()).length).toBe(40);
    for (const { error } of first.failures) expect(error.code).toBe('AccessDenied');
    await world.on.clients.s3().send(new PutBucketPolicyCommand(policy('s3:GetObjectTorrent')));
    const second = await world.run(inputAfter(input, first, first.failures, false), clients);
    expect(second).toMatchObject({ done: first.failed, failed: 0 });
    expect(await world.keys()).toEqual(sources.map(key => key.replace('from', 'to')));
  });

  it('stops where too much fails, and goes on when that is put right', async () => {
    await world.put('from/a');
    const missing = Array.from({ length: MAX_FAILURES + 100 }, (_, index) => `m${index}`);
    const orders = [
      ...missing.map(key => world.order(key, `to/${key}`)),
      world.order('from/', 'to/'),
    ];
    const input = world.input(orders, { moves: true });
    const first = await world.run(input);
    expect(first).toMatchObject({ done: 0, rest: { unit: 1 }, isCancelled: false });
    // Those that were under way end too.
    expect(first.failed).toBeGreaterThanOrEqual(MAX_FAILURES);
    expect(first.failed + first.left.length).toBe(missing.length);
    const second = await world.run(inputAfter(input, first, [], true));
    expect(second).toMatchObject({ done: 1, failed: missing.length - first.failed });
    expect(second.rest).toBeUndefined();
  });

  it('leaves both where originals may not be deleted', async () => {
    await world.put('from/a');
    const clients = await assumeNewRole(world.on, `keeper-${world.bucket}`, [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    ]);
    const { failures } = await world.run(world.move('from/', 'to/'), clients);
    expect(failures).toMatchObject([{ isCopied: true, error: { code: 'AccessDenied' } }]);
    expect(await world.keys()).toEqual(['from/a', 'to/a']);
  });

  it('called off, tells what is left, and goes on with exactly that', async () => {
    const sources = await world.putMany('from/', 120);
    const controller = new AbortController();
    let copies = 0;
    const clients = await world.through(request => {
      if (isCopy(request) && ++copies === 30) controller.abort();
      return 'pass';
    });
    const input = world.move('from/', 'to/');
    const first = await world.run(input, clients, { signal: controller.signal });
    expect(first.isCancelled).toBe(true);
    expect(first.left.length).toBeGreaterThan(0);
    expect(first.done + first.left.length).toBe(120);
    // What is copied is moved: called off, nothing is in two places but what S3 was just copying.
    const second = await world.run(inputAfter(input, first, [], true));
    expect(second).toMatchObject({ done: first.left.length, failed: 0, isCancelled: false });
    expect(await world.keys()).toEqual(sources.map(key => key.replace('from', 'to')));
  });

  it('backs off where S3 is throttling, and finishes', async () => {
    await world.putMany('from/', 20);
    let copies = 0;
    const clients = await world.through(request =>
      isCopy(request) && copies++ < 12 ? 'slowDown' : 'pass',
    );
    expect(await world.run(world.move('from/', 'to/'), clients)).toMatchObject({
      done: 20,
      failed: 0,
    });
  });

  it('called off while it backs off, ends at once', async () => {
    await world.putMany('from/', 20);
    const stop = new AbortController();
    const clients = await world.through(request => (isCopy(request) ? 'slowDown' : 'pass'));
    const began = performance.now();
    const pace = new Pace({ most: 20, pause: 30_000 });
    const running = world.run(world.move('from/', 'to/'), clients, { signal: stop.signal, pace });
    await expect.poll(() => pace.throttled).toBe(20);
    stop.abort();
    expect(await running).toMatchObject({ done: 0, failed: 0, isCancelled: true });
    // The shortest of its pauses would have been of 15 seconds.
    expect(performance.now() - began).toBeLessThan(14_000);
    expect(await world.keys()).toHaveLength(20);
  });

  it.each([
    ['a copy', 'cut', isCopy],
    ['a copy’s answer', 'loseAnswer', isCopy],
    ['a deletion', 'cut', isDeletion],
    ['a deletion’s answer', 'loseAnswer', isDeletion],
  ] as const)('goes on where %s was lost, and doubles nothing', async (_, fate, matches) => {
    for (const key of ['from/a.txt', 'from/b.txt']) await world.put(key);
    await world.put('to/a.txt', 'other');
    let down = true;
    const clients = await world.through(request => (down && matches(request) ? fate : 'pass'));
    const task = await taskFolder();
    const input = world.move('from/', 'to/', { onConflict: 'keepBoth' });
    const first = await runCopies(clients, input, task).catch((error: unknown) => error);
    // A copy whose answer is lost is looked for, and found.
    if (!(fate === 'loseAnswer' && matches === isCopy)) {
      expect(first).toMatchObject({ code: 'Network' });
      down = false;
      const second = await runCopies(clients, input, task);
      expect(second).toMatchObject({ done: 2, failed: 0, left: [] });
    }
    expect(await world.contents()).toEqual({
      ...{ 'to/a.txt': 'other', 'to/a copy.txt': 'from/a.txt', 'to/b.txt': 'from/b.txt' },
    });
  });
});
