import type { Store } from '../store.ts';
import { DAY, HOUR, MINUTE } from './timeRange.ts';

/** Data of this age, in seconds, are kept by periods of this length. */
const STEPS: readonly (readonly [age: number, period: number])[] = [
  [3 * HOUR, MINUTE],
  [15 * DAY, 5 * MINUTE],
  [63 * DAY, HOUR],
];
const LONGEST = 455 * DAY;

/**
 * Joins old points to longer periods, by AWS's schedule, and deletes what is older than all of them.
 * @param now seconds since 1970
 */
export function rollUp(store: Store, now: number): void {
  store.transaction(() => {
    for (const table of ['metric_point', 'metric_value']) {
      store.prepare(`DELETE FROM ${table} WHERE time < ?`).run(now - LONGEST);
    }
    for (const [age, period] of STEPS) join(store, now - age, period);
  });
}

function join(store: Store, before: number, period: number): void {
  const joined = 'time < ?1 AND time % ?2 <> 0';
  store
    .prepare(
      `INSERT INTO metric_point
       SELECT series, time - time % ?2, sum(samples), sum(sum), min(minimum), max(maximum)
       FROM metric_point WHERE ${joined} GROUP BY 1, 2
       ON CONFLICT DO UPDATE SET
         samples = samples + excluded.samples, sum = sum + excluded.sum,
         minimum = min(minimum, excluded.minimum), maximum = max(maximum, excluded.maximum)`,
    )
    .run(before, period);
  store
    .prepare(
      `INSERT INTO metric_value SELECT series, time - time % ?2, value, sum(count)
       FROM metric_value WHERE ${joined} GROUP BY 1, 2, 3
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    .run(before, period);
  for (const table of ['metric_point', 'metric_value']) {
    store.prepare(`DELETE FROM ${table} WHERE ${joined}`).run(before, period);
  }
}
