import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  EVENT_OVERHEAD,
  LogStore,
  MAX_EVENT_BYTES,
} from '../../../../src/sandbox/logs/logStore.ts';
import { FakeClock } from '../../../../src/sandbox/clock.ts';
import { Store } from '../../../../src/sandbox/store.ts';

let folder: string;
let store: Store;
const clock = new FakeClock(new Date('2026-01-01T00:00:00Z'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brigade-logs-'));
  store = new Store(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const counted = (): { events: number; bytes: number } | undefined =>
  store
    .prepare<{ events: number; bytes: number }>(
      'SELECT count(*) AS events, sum(bytes) AS bytes FROM log_event',
    )
    .get();

describe('the log store', () => {
  it('keeps the newest of what a function writes without end', () => {
    const groupBytes = 100_000;
    const logs = new LogStore(store, clock, { groupBytes });
    const line = 'x'.repeat(974);
    for (let batch = 0; batch < 100; batch += 1) {
      const timestamp = new Date(batch * 1000);
      const events = Array.from({ length: 10 }, () => ({ timestamp, message: line }));
      logs.append({ group: '/aws/lambda/f', stream: 's', events });
      expect(counted()?.bytes).toBeLessThanOrEqual(groupBytes);
    }
    expect(counted()?.bytes).toBeGreaterThan(groupBytes / 2);
    const kept = store.prepare<{ bytes: number }>('SELECT bytes FROM log_group').get();
    expect(kept?.bytes).toBe(counted()?.bytes);
    const last = store.prepare<{ t: number }>('SELECT max(timestamp) AS t FROM log_event').get();
    expect(last?.t).toBe(99_000);
  });

  it('cuts an event at a whole character', () => {
    const logs = new LogStore(store, clock);
    const message = `a${'é'.repeat(MAX_EVENT_BYTES)}`;
    logs.append({ group: 'g', stream: 's', events: [{ timestamp: new Date(), message }] });
    const row = store.prepare<{ message: string; bytes: number }>('SELECT * FROM log_event').get();
    expect(row?.bytes).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    expect(row?.bytes).toBeGreaterThan(MAX_EVENT_BYTES - 4);
    expect(Buffer.byteLength(row?.message ?? '')).toBe((row?.bytes ?? 0) - EVENT_OVERHEAD);
    expect(message.startsWith(row?.message ?? 'none')).toBe(true);
  });
});
