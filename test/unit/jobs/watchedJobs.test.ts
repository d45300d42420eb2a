import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../../src/aws/errors.ts';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { WatchedJobs, type WatchedJob } from '../../../src/jobs/following/watchedJobs.ts';
import type { Session } from '../../../src/services.ts';

/** The workspace's state, which outlives its window. */
function memento(values = new Map<string, unknown>()) {
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as ConstructorParameters<typeof WatchedJobs>[0];
}

function session(accountId: string): Session {
  return { key: `sandbox/${accountId}` } as Session;
}

const job = (jobId: string, region = 'us-east-1'): WatchedJob => ({ jobId, region });
const ended = ({ jobId }: WatchedJob): Promise<Job> => Promise.resolve({ jobId } as Job);

async function take(
  watched: WatchedJobs,
  account: string,
  endOf: (one: WatchedJob) => Promise<Job | undefined>,
) {
  const told: string[] = [];
  const untold = await watched.takeEnded(session(account), endOf, end => told.push(end.jobId));
  return { told, untold };
}

describe('WatchedJobs', () => {
  it('are remembered by the next window', async () => {
    const state = memento();
    await new WatchedJobs(state).add(session('1'), job('a'));
    expect(new WatchedJobs(state).of(session('1'))).toEqual([job('a')]);
  });

  it('are those of one account, of all Regions', async () => {
    const watched = new WatchedJobs(memento());
    await watched.add(session('1'), job('a'));
    await watched.add(session('2'), job('b'));
    await watched.add(session('1'), job('c', 'eu-west-1'));
    await watched.add(session('1/http'), job('d'));
    expect(watched.of(session('1'))).toEqual([job('a'), job('c', 'eu-west-1')]);
    expect((await take(watched, '2', ended)).told).toEqual(['b']);
    expect(watched.of(session('1'))).toEqual([job('a'), job('c', 'eu-west-1')]);
  });

  it('are told of once, and forgotten when AWS has forgotten them', async () => {
    const watched = new WatchedJobs(memento());
    for (const id of ['ended', 'running', 'gone']) await watched.add(session('1'), job(id));
    const endOf = (one: WatchedJob): Promise<Job | undefined> => {
      if (one.jobId === 'gone') throw new BrigadeError('NotFound', 'No such job');
      return one.jobId === 'ended' ? ended(one) : Promise.resolve(undefined);
    };
    expect(await take(watched, '1', endOf)).toEqual({ told: ['ended'], untold: [] });
    expect(await take(watched, '1', endOf)).toEqual({ told: [], untold: [] });
    expect(watched.of(session('1'))).toEqual([job('running')]);
  });

  it('are all told of, though one may not be asked about', async () => {
    const watched = new WatchedJobs(memento());
    for (const id of ['a', 'denied', 'b']) await watched.add(session('1'), job(id));
    const denied = new BrigadeError('AccessDenied', 'no s3:DescribeJob');
    const endOf = (one: WatchedJob) =>
      one.jobId === 'denied' ? Promise.reject(denied) : ended(one);
    const untold = [{ job: job('denied'), error: denied }];
    expect(await take(watched, '1', endOf)).toEqual({ told: ['a', 'b'], untold });
    expect(await take(watched, '1', endOf)).toEqual({ told: [], untold });
    expect(watched.of(session('1'))).toEqual([job('denied')]);
  });

  it('are told of that ended before looking was called off, the others later', async () => {
    const watched = new WatchedJobs(memento());
    for (const id of ['a', 'b']) await watched.add(session('1'), job(id));
    const told: string[] = [];
    const off = new BrigadeError('Cancelled', 'switched');
    const endOf = (one: WatchedJob) => (one.jobId === 'b' ? Promise.reject(off) : ended(one));
    const taking = watched.takeEnded(session('1'), endOf, end => told.push(end.jobId));
    await expect(taking).rejects.toBe(off);
    expect(told).toEqual(['a']);
    expect((await take(watched, '1', ended)).told).toEqual(['b']);
  });
});
