import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../../src/aws/errors.ts';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { WatchedJobs } from '../../../src/jobs/watchedJobs.ts';
import type { Session } from '../../../src/services.ts';

/** The workspace's state, which outlives its window. */
function memento(values = new Map<string, unknown>()) {
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as ConstructorParameters<typeof WatchedJobs>[0];
}

function session(accountId: string, region = 'us-east-1'): Session {
  return {
    connection: { id: 'sandbox' },
    identity: { accountId },
    clients: { region },
  } as Session;
}

const ended = (jobId: string): Promise<Job> => Promise.resolve({ jobId } as Job);

describe('WatchedJobs', () => {
  it('are remembered by the next window', async () => {
    const state = memento();
    await new WatchedJobs(state).add(session('1'), 'a');
    expect(new WatchedJobs(state).of(session('1'))).toEqual(['a']);
  });

  it('are those of one account and Region', async () => {
    const watched = new WatchedJobs(memento());
    await watched.add(session('1'), 'a');
    await watched.add(session('2'), 'b');
    await watched.add(session('1', 'eu-west-1'), 'c');
    expect(watched.of(session('1'))).toEqual(['a']);
    expect(await watched.takeEnded(session('2'), ended)).toEqual([{ jobId: 'b' }]);
    expect(watched.of(session('1', 'eu-west-1'))).toEqual(['c']);
  });

  it('are told of once, and forgotten when AWS has forgotten them', async () => {
    const watched = new WatchedJobs(memento());
    for (const id of ['ended', 'running', 'gone']) await watched.add(session('1'), id);
    const endOf = (id: string): Promise<Job | undefined> => {
      if (id === 'gone') throw new BrigadeError('NotFound', 'No such job');
      return id === 'ended' ? ended(id) : Promise.resolve(undefined);
    };
    expect(await watched.takeEnded(session('1'), endOf)).toEqual([{ jobId: 'ended' }]);
    expect(await watched.takeEnded(session('1'), endOf)).toEqual([]);
    expect(watched.of(session('1'))).toEqual(['running']);
  });

  it('stay watched when looking fails for another reason', async () => {
    const watched = new WatchedJobs(memento());
    await watched.add(session('1'), 'a');
    const offline = new BrigadeError('Network', 'unreachable');
    await expect(watched.takeEnded(session('1'), () => Promise.reject(offline))).rejects.toBe(
      offline,
    );
    expect(watched.of(session('1'))).toEqual(['a']);
  });
});
