import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSpanLines } from '../../src/aws/functions/spanLogLines.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const MINUTE = 60_000;
const LONG = '8f5cc0b4-5b0f-4a3b-9d8e-0123456789ab';
const LATER = '8f5cc0b4-5b0f-4a3b-9d8e-0123456789ac';
/** The minute of the point that is clicked. */
const start = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE);
const end = new Date(start.getTime() + MINUTE);

let on: SandboxClients;
beforeAll(async () => {
  on = await startSandboxClients();
});
afterAll(() => on.close());

/** Writes lines so many milliseconds after the span's start. */
async function write(functionName: string, events: [after: number, message: string][]) {
  const logGroupName = `/aws/lambda/${functionName}`;
  const logStreamName = 's';
  const logs = on.clients.logs();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = events.map(([after, message]) => ({
    timestamp: start.getTime() + after,
    message,
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

const read = (functionName: string, maxLines = 100) =>
  readSpanLines(on.clients, { functionName, start, end, maxLines });

describe('the log lines of a span', () => {
  it('go on to the end of what was invoked in it, and no further', async () => {
    await write('Long', [
      [-1, 'before'],
      [0, 'first'],
      [50_000, `START RequestId: ${LONG} Version: $LATEST`],
      [MINUTE - 1, 'last'],
      [MINUTE, `START RequestId: ${LATER} Version: $LATEST`],
      [2 * MINUTE, `2026-11-22T10:00:00.000Z ${LONG} Task timed out after 70.00 seconds`],
      [2 * MINUTE, `REPORT RequestId: ${LONG}`],
    ]);
    const { lines, errorsOnlyAfter } = await read('Long');
    expect(lines.map(({ message }) => message)).toEqual([
      'first',
      `START RequestId: ${LONG} Version: $LATEST`,
      'last',
      expect.stringContaining('timed out'),
      `REPORT RequestId: ${LONG}`,
    ]);
    expect(errorsOnlyAfter).toBeUndefined();
  });

  it('that are too many are the first, and of the others those of errors', async () => {
    await write('Busy', [
      ...Array.from({ length: 100 }, (_, n): [number, string] => [n, `line ${n}`]),
      [200, 'TypeError: no'],
      [201, '{"level":"error","message":"no"}'],
      [202, 'fine'],
    ]);
    const { lines, errorsOnlyAfter } = await read('Busy', 40);
    expect(lines).toHaveLength(42);
    expect(lines.slice(-2).map(({ message }) => message)).toEqual([
      'TypeError: no',
      '{"level":"error","message":"no"}',
    ]);
    expect(errorsOnlyAfter).toEqual(new Date(start.getTime() + 39));
  });

  it('are none of a function that has no log', async () => {
    expect(await read('Never')).toEqual({ lines: [] });
  });
});
