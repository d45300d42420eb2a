import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventTable } from '../../../../src/sandbox/lambda/invocations/eventTable.ts';
import { Store } from '../../../../src/sandbox/store.ts';
import { newTemporaryFolder } from '../../../support/paths.ts';

const MINUTE = 60_000;
let store: Store;
beforeAll(() => {
  store = new Store(newTemporaryFolder('events'));
});
afterAll(() => store.close());

it('makes events due that were put off before the clock was put back', () => {
  const table = new EventTable(store);
  const [now, before] = [1_700_000_000_000, 1_700_003_600_000];
  const event = { functionName: 'f', functionId: 'id', traceHeader: undefined };
  const payload = Buffer.from('{}');
  table.insert({ ...event, requestId: 'early', received: before, payload });
  table.insert({ ...event, requestId: 'now', received: now, payload });
  const [queued] = table.due(now, new Set(), 1);
  table.postpone(queued!, now + 2 * MINUTE, 1, 0);
  table.hasten(now, 5 * MINUTE);
  expect(table.due(now, new Set(), 5)).toMatchObject([{ requestId: 'early', received: now }]);
  expect(table.due(now + 2 * MINUTE, new Set(), 5)).toHaveLength(2);
});
