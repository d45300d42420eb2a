import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitResized } from '../../src/aws/resizeFunction/awaitResized.ts';
import { readNewestLines } from '../../src/aws/functions/newestLogLines.ts';
import { FunctionLog } from '../../src/resize/logs/functionLog.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let on: SandboxClients;
beforeAll(async () => {
  on = await startSandboxClients();
});
afterAll(() => on.close());

const MINUTE = 60_000;

describe('the newest log lines of a function', () => {
  const logGroup = '/aws/lambda/Busy';
  const end = new Date();
  const at = (minutesAgo: number): number => end.getTime() - minutesAgo * MINUTE;

  /** One line a minute for an hour, and two hundred in one millisecond two hours ago. */
  beforeAll(async () => {
    const logs = on.clients.logs();
    const logGroupName = logGroup;
    const logStreamName = 's';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const logEvents = [
      ...Array.from({ length: 200 }, (_, n) => ({ timestamp: at(120), message: `burst ${n}` })),
      ...Array.from({ length: 60 }, (_, n) => ({ timestamp: at(60 - n), message: `line ${n}` })),
    ];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  });

  const read = (from: number, to: number, maxLines: number) =>
    readNewestLines(on.clients, {
      functionName: 'Busy',
      logGroup,
      start: new Date(at(from)),
      end: new Date(at(to)),
      maxLines,
    });

  it('are all of a window that has few', async () => {
    const { lines, start } = await read(90, 0, 100);
    expect(lines).toHaveLength(60);
    expect(lines.at(-1)?.message).toBe('line 59');
    expect(start).toEqual(new Date(at(90)));
  });

  it('are the last of a window that has more than are wanted, with nothing left out', async () => {
    const { lines, start } = await read(90, 0, 20);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.at(-1)?.message).toBe('line 59');
    const numbers = lines.map(({ message }) => Number(message.split(' ')[1]));
    expect(numbers).toEqual(numbers.map((_, n) => 60 - numbers.length + n));
    expect(lines[0]!.timestamp >= start).toBe(true);
  });

  it('are found where they are, however long ago: nothing was logged since', async () => {
    const { lines, start } = await read(6 * 60, -1, 300);
    expect(lines.at(-1)?.message).toBe('line 59');
    const early = await readNewestLines(on.clients, {
      functionName: 'Busy',
      logGroup,
      start: new Date(at(7 * 24 * 60)),
      end: new Date(at(65)),
      maxLines: 150,
    });
    expect(early.lines).toHaveLength(150);
    expect(early.lines.at(-1)?.message).toBe('burst 199');
    expect(start.getTime()).toBeLessThanOrEqual(lines[0]!.timestamp.getTime());
  });

  it('are the last of a millisecond that has more than are wanted', async () => {
    const { lines, start } = await read(121, 119, 50);
    expect(lines.map(({ message }) => message)).toEqual(
      Array.from({ length: 50 }, (_, n) => `burst ${150 + n}`),
    );
    expect(start).toEqual(new Date(at(120)));
  });

  it('come with older ones where only a few are new', async () => {
    const { lines } = await read(180, 0, 230);
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.at(-1)?.message).toBe('line 59');
  });

  it('are none of a function that never ran', async () => {
    const window = { start: new Date(at(90)), end, maxLines: 10 };
    const { lines } = await readNewestLines(on.clients, { functionName: 'Never', ...window });
    expect(lines).toEqual([]);
  });
});

describe('a function’s log', () => {
  const { signal } = new AbortController();
  const log = (name: string) => new FunctionLog({ ...of(name), region: on.clients.region });
  const of = (name: string) => ({ functionName: name, logGroup: `/aws/lambda/${name}` });

  async function write(name: string, count: number, minutesAgo: number, text: string) {
    const logs = on.clients.logs();
    const target = { logGroupName: of(name).logGroup, logStreamName: text };
    await logs.send(new CreateLogGroupCommand(target)).catch(() => undefined);
    await logs.send(new CreateLogStreamCommand(target));
    const start = Date.now() - minutesAgo * MINUTE;
    const logEvents = Array.from({ length: count }, (_, n) => ({
      timestamp: start + n * 10,
      message: `${text} ${n}`,
    }));
    await logs.send(new PutLogEventsCommand({ ...target, logEvents }));
  }

  it('shows what was written 50 minutes ago when nothing was since', async () => {
    await write('Quiet', 5_000, 55, 'old');
    const quiet = log('Quiet');
    await quiet.readNewest(on.clients, signal);
    expect(quiet.text).toContain('old 4999');
    expect(await quiet.readOlder(on.clients, signal)).toBeGreaterThan(0);
  });

  it('leaves no gap between what was shown and what came since', async () => {
    await write('Growing', 10, 50, 'early');
    const growing = log('Growing');
    await growing.readNewest(on.clients, signal);
    await write('Growing', 100, 40, 'later');
    await growing.readNewer(on.clients, signal);
    expect(growing.text).toContain('early 0');
    expect(growing.text).toContain('later 99');
    await write('Growing', 5_000, 30, 'many');
    await growing.readNewer(on.clients, signal);
    expect(growing.text).toContain('many 4999');
    expect(growing.text).not.toContain('early');
    while ((await growing.readOlder(on.clients, signal)) > 0);
    expect(growing.text).toContain('early 0');
    expect(growing.text.match(/many \d+$/gm)).toHaveLength(5_000);
  });
});

describe('waiting for what a function writes', () => {
  it('ends when all of it is there, and takes nothing older for it', async () => {
    const bucket = await on.bucket();
    const put = (Key: string) =>
      on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    await put('old');
    const later = new Date(Date.now() + 60_000);
    const old = { bucket, keys: ['old'], since: later, patience: 300 };
    expect(await awaitResized(on.clients, old)).toBe(false);
    const waiting = awaitResized(on.clients, {
      bucket,
      keys: ['old', 'new'],
      since: new Date(Date.now() - 60_000),
      patience: 10_000,
    });
    setTimeout(() => void put('new'), 300);
    expect(await waiting).toBe(true);
  });

  it('can be given up', async () => {
    const bucket = await on.bucket();
    const signal = AbortSignal.timeout(200);
    const wait = { bucket, keys: ['never'], since: new Date(), patience: 60_000 };
    await expect(awaitResized(on.clients, wait, { signal })).rejects.toThrow();
  });
});
