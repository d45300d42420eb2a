import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../src/sandbox/clock.ts';
import { AwsError } from '../../../../src/sandbox/errors.ts';
import { FaultPlan } from '../../../../src/sandbox/requestedFaults/faultPlan.ts';
import type { FaultRule, ServiceName } from '../../../../src/sandbox/requestedFaults/faultRule.ts';

let clock: FakeClock;
let plan: FaultPlan;
beforeEach(() => {
  clock = new FakeClock();
  plan = new FaultPlan(clock);
});

const set = (rules: FaultRule[], seed = 7): void => plan.set({ seed, rules });

/** The codes that so many requests get; '' for those that go through. */
async function meet(count: number, service: ServiceName = 's3', name = 'GetObject') {
  const codes: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const request = { service, operation: () => name };
    codes.push(
      await plan.meet(request).then(
        () => '',
        (error: unknown) => (error instanceof AwsError ? error.code : String(error)),
      ),
    );
  }
  return codes;
}

describe('a rule', () => {
  it('by share strikes about so often, and the same ones for the same seed', async () => {
    const rule = { fault: 'SlowDown', where: 'requests', share: 0.2 } as const;
    set([rule]);
    const first = await meet(1000);
    const struck = first.filter(code => code === 'SlowDown').length;
    expect(struck).toBeGreaterThan(150);
    expect(struck).toBeLessThan(250);
    set([rule]);
    expect(await meet(1000)).toEqual(first);
    set([rule], 8);
    expect(await meet(1000)).not.toEqual(first);
  });

  it('by number strikes once, by times no more than that', async () => {
    set([{ fault: 'AccessDenied', where: 'requests', nth: 2 }]);
    expect(await meet(4)).toEqual(['', 'AccessDenied', '', '']);
    set([{ fault: 'InternalError', where: 'requests', times: 2 }]);
    expect(await meet(4)).toEqual(['InternalError', 'InternalError', '', '']);
  });

  it('by burst strikes at the beginning of each stretch of time', async () => {
    set([{ fault: 'SlowDown', where: 'requests', burst: { seconds: 5, every: 30 } }]);
    expect(await meet(1)).toEqual(['SlowDown']);
    clock.advance(5000);
    expect(await meet(1)).toEqual(['']);
    clock.advance(25_000);
    expect(await meet(1)).toEqual(['SlowDown']);
  });

  it('by the second strikes what comes beyond so many in one', async () => {
    set([{ fault: 'SlowDown', where: 'requests', perSecond: 2 }]);
    expect(await meet(4)).toEqual(['', '', 'SlowDown', 'SlowDown']);
    clock.advance(1000);
    expect(await meet(3)).toEqual(['', '', 'SlowDown']);
  });

  it('strikes what it names only', async () => {
    set([{ fault: 'SlowDown', where: 'requests', service: 's3', operation: 'PutObject' }]);
    expect(await meet(1)).toEqual(['']);
    expect(await meet(1, 'lambda', 'PutObject')).toEqual(['']);
    expect(await meet(1, 's3', 'PutObject')).toEqual(['SlowDown']);
  });

  it.each([
    ['s3', 'SlowDown'],
    ['s3control', 'TooManyRequestsException'],
    ['lambda', 'TooManyRequestsException'],
    ['iam', 'Throttling'],
    ['logs', 'ThrottlingException'],
  ] as const)('throttles %s by %s', async (service, code) => {
    set([{ fault: 'SlowDown', where: 'requests' }]);
    expect(await meet(1, service)).toEqual([code]);
  });

  it('of latency lets a request wait', async () => {
    set([{ fault: 'latency', milliseconds: 800 }]);
    let done = false;
    const met = meet(1).then(() => (done = true));
    clock.advance(799);
    await Promise.resolve();
    expect(done).toBe(false);
    clock.advance(1);
    await met;
  });

  it('of tasks is for tasks, each job counted by itself', async () => {
    set([{ fault: 'AccessDenied', where: 'tasks', nth: 2 }]);
    expect(await meet(3)).toEqual(['', '', '']);
    const job = [1, 2, 3].map(number => plan.taskFault(number)?.code);
    expect(job).toEqual([undefined, 'AccessDenied', undefined]);
    expect(plan.taskFault(2)?.status).toBe(403);
  });

  it('of a function is for that one', () => {
    set([{ fault: 'killFunction', function: 'resize', times: 1 }]);
    expect(['other', 'resize', 'resize'].map(name => plan.killsFunction(name))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

it('does nothing unless it is set', async () => {
  expect(plan.isOn).toBe(false);
  expect(await meet(2)).toEqual(['', '']);
  expect([plan.roleDelay, plan.metricDelay, plan.taskFault(1)]).toEqual([0, 0, undefined]);
  expect(plan.killsFunction('resize')).toBe(false);
});
