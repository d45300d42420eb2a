import { describe, expect, it, vi } from 'vitest';
import { commonPrefix } from '../../../src/explorer/transfers/commonPrefix.ts';
import { Speed } from '../../../src/explorer/transferList/speed.ts';
import { Transfer, type TransferStart } from '../../../src/explorer/transferList/transfer.ts';
import { TransferList } from '../../../src/explorer/transferList/transferList.ts';
import {
  formatDuration,
  transferDescription,
  transferLabel,
  transferTitle,
} from '../../../src/explorer/transferList/transferText.ts';

const START: TransferStart = {
  kind: 'upload',
  title: 'Uploading 3 files to photos',
  owner: { key: 'sandbox', connectionId: 'sandbox', name: 'Sandbox' },
  total: { items: 3, bytes: 300 },
};

function begin(list = new TransferList(), start = START) {
  const transfer = new Transfer('one', start, (...change) => list.changed(...change));
  list.add(transfer);
  return { list, transfer, running: transfer.running(transfer.signal, () => undefined) };
}

describe('a transfer', () => {
  it('can be paused once its work asks before each item, and goes on where it was', async () => {
    const { transfer, running } = begin();
    expect(transfer.canPause).toBe(false);
    transfer.pause();
    expect(transfer.state).toBe('running');
    await running.ready();
    transfer.pause();
    expect(transfer.state).toBe('paused');
    const next = vi.fn();
    const waiting = running.ready().then(next);
    await Promise.resolve();
    expect(next).not.toHaveBeenCalled();
    transfer.resume();
    await waiting;
    expect(next).toHaveBeenCalledOnce();
    expect(transfer.state).toBe('running');
  });

  it('tells an engine of another process that it is paused', () => {
    const { transfer, running } = begin();
    const told: boolean[] = [];
    running.onDidPause(isPaused => told.push(isPaused));
    transfer.pause();
    transfer.pause();
    transfer.resume();
    expect(told).toEqual([true, false]);
  });

  it('ends what waits when it is cancelled while it is paused', async () => {
    const { transfer, running } = begin();
    await running.ready();
    transfer.pause();
    const waiting = running.ready();
    transfer.cancel();
    await expect(waiting).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(running.ready()).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('does not pause a single file', async () => {
    const { transfer, running } = begin(undefined, { ...START, total: { items: 1 } });
    await running.ready();
    expect(transfer.canPause).toBe(false);
  });

  it('offers its failures again exactly once', async () => {
    const { transfer } = begin();
    const retry = vi.fn(() => Promise.resolve());
    transfer.finish({ failed: [{ name: 'a', error: new Error('no') }], retry });
    expect(transfer.state).toBe('failed');
    await transfer.retry();
    await transfer.retry();
    expect(retry).toHaveBeenCalledOnce();
    expect(transfer.end?.failed).toHaveLength(1);
  });

  it('is no longer called running once it is over', () => {
    const { transfer } = begin(undefined, { ...START, to: 's3://photos/a.png' });
    expect(transferTitle(transfer)).toBe('Uploading 3 files to photos');
    transfer.finish({});
    expect(transferTitle(transfer)).toBe('Upload to s3://photos/a.png');
  });

  it('is cancelled, failed or done by what is left of it', () => {
    const ended = (end: Parameters<Transfer['finish']>[0]) => {
      const { transfer } = begin();
      transfer.finish(end);
      return transfer.state;
    };
    expect(ended({})).toBe('done');
    expect(ended({ isCancelled: true, failedCount: 3 })).toBe('cancelled');
    expect(ended({ stoppedBy: new Error('disk') })).toBe('failed');
    expect(ended({ failedCount: 1 })).toBe('failed');
  });
});

describe('the list of transfers', () => {
  it('redraws a row a few times a second, however often it reports', () => {
    vi.useFakeTimers();
    try {
      const { list, running } = begin();
      const redraws = vi.fn();
      list.onDidChange(redraws);
      for (let at = 0; at < 10_000; at++) {
        running.report({ bytes: at });
        vi.advanceTimersByTime(0.1);
      }
      expect(redraws.mock.calls.length).toBeGreaterThanOrEqual(2);
      expect(redraws.mock.calls.length).toBeLessThanOrEqual(4);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps what runs, and a hundred that have ended', () => {
    const list = new TransferList();
    const running = begin(list).transfer;
    for (let at = 0; at < 150; at++) begin(list).transfer.finish();
    expect(list.transfers).toContain(running);
    expect(list.transfers.length).toBeLessThanOrEqual(102);
    list.remove();
    expect(list.transfers).toEqual([running]);
  });
});

describe('the speed of a transfer', () => {
  it('is that of the last seconds, and nothing while there is little to go by', () => {
    const speed = new Speed();
    speed.note(0, 0, 0);
    expect(speed.now(500)).toBeUndefined();
    for (let at = 200; at <= 10_000; at += 200) speed.note(at, at * 10, at / 100);
    for (let at = 10_200; at <= 20_000; at += 200) speed.note(at, 100_000 + (at - 10_000), 100);
    expect(speed.now(20_000)?.bytes).toBeCloseTo(1000, -2);
    expect(speed.now(20_000)?.items).toBe(0);
  });

  it('falls while nothing comes', () => {
    const speed = new Speed();
    speed.note(0, 0, 0);
    speed.note(1000, 1000, 1);
    expect(speed.now(1000)?.bytes).toBe(1000);
    expect(speed.now(10_000)?.bytes).toBeLessThan(150);
  });

  it('begins anew after a pause', () => {
    const speed = new Speed();
    speed.note(0, 0, 0);
    speed.note(2000, 5000, 1);
    speed.restart();
    expect(speed.now(60_000)).toBeUndefined();
  });
});

describe('what several names have in common', () => {
  it('is the folder they are in', () => {
    expect(commonPrefix(['a/b/c'])).toBe('a/b/c');
    expect(commonPrefix(['a/b/c', 'a/b/d', 'a/bc'])).toBe('a/');
    expect(commonPrefix(['/x//y', '/x//z'])).toBe('/x//');
    expect(commonPrefix(['x', 'y'])).toBe('');
    expect(commonPrefix([])).toBe('');
  });
});

describe('the row of a transfer', () => {
  const at = (progress: Parameters<ReturnType<typeof begin>['running']['report']>[0]) => {
    const { transfer, running } = begin(undefined, { ...START, to: 's3://photos/a\nb/' });
    running.report(progress);
    return transfer;
  };

  it('says where it goes, with every character visible', () => {
    expect(transferLabel(at({}))).toBe('Upload to s3://photos/a\\nb/');
    expect(transferLabel(begin().transfer)).toBe('Uploading 3 files to photos');
  });

  it('says how far it is, how fast, and how long it will take', () => {
    vi.useFakeTimers();
    try {
      const { transfer, running } = begin(undefined, {
        ...START,
        total: { items: 12, bytes: 10 * 1024 ** 2 },
      });
      running.report({ items: 0, bytes: 0 });
      vi.advanceTimersByTime(2000);
      running.report({ items: 3, bytes: 2 * 1024 ** 2 });
      expect(transferDescription(transfer)).toBe('3 of 12 · 2 MB of 10 MB · 1 MB/s · 8 sec left');
      transfer.finish({ failedCount: 2, failed: [] });
      expect(transferDescription(transfer)).toBe('2 failed · 3 of 12 · 2 MB of 10 MB');
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts objects where no bytes move', () => {
    vi.useFakeTimers();
    try {
      const { transfer, running } = begin(undefined, { ...START, total: { items: 12_000 } });
      running.report({ items: 0 });
      vi.advanceTimersByTime(2000);
      running.report({ items: 2000 });
      expect(transferDescription(transfer)).toBe(
        '2,000 of 12,000 · 1,000 per second · 10 sec left',
      );
      transfer.finish({ isCancelled: true });
      expect(transferDescription(transfer)).toBe('Cancelled · 2,000 of 12,000');
    } finally {
      vi.useRealTimers();
    }
  });

  it('says a time in its two largest units', () => {
    expect([0.2, 59, 60, 3725, 200_000].map(formatDuration)).toEqual([
      ...['1 sec', '59 sec', '1 min', '1 hr 2 min', '2 days 7 hr'],
    ]);
  });
});
