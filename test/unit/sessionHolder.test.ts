import { describe, expect, it } from 'vitest';
import type { Connection, Session } from '../../src/services.ts';
import { SessionHolder, type ConnectionState } from '../../src/connections/sessionHolder.ts';

const A: Connection = { id: 'profile:a', label: 'a', region: 'eu-west-1' };
const B: Connection = { id: 'profile:b', label: 'b', region: 'us-east-1' };

interface Destroyable {
  destroyed: boolean;
  unused: boolean;
}

/** A session as far as the holder looks at it: who, and clients that can be destroyed. */
function sessionOf(connection: Connection, accountId: string): Session & Destroyable {
  const session = { destroyed: false, unused: false };
  const clients = {
    destroy: () => (session.destroyed = true),
    isUnused: () => session.unused,
  };
  const identity = { accountId, arn: '', userId: '', partition: 'aws' };
  return Object.assign(session, { connection, identity, clients }) as unknown as Session &
    Destroyable;
}

function setUp() {
  const opened: Connection[] = [];
  const waiting: {
    resolve: (session: Session) => void;
    reject: (error: unknown) => void;
    signal: AbortSignal;
  }[] = [];
  const states: ConnectionState['kind'][] = [];
  const seen = { changes: 0, usable: true };
  const holder = new SessionHolder({
    open: (connection, signal) => {
      opened.push(connection);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject, signal }));
    },
    retireEvery: 5,
    isUsable: () => seen.usable,
    onDidChange: () => seen.changes++,
    onDidChangeState: state => states.push(state.kind),
  });
  return { holder, opened, waiting, states, seen };
}

describe('the session of the current connection', () => {
  it('needs a connection first', async () => {
    const { holder } = setUp();
    await expect(holder.session()).rejects.toMatchObject({ code: 'NoConnection' });
  });

  it('is opened on first use only, once for all who ask', async () => {
    const { holder, opened, waiting, states } = setUp();
    holder.choose(A);
    expect(opened).toEqual([]);
    const both = [holder.session(), holder.session()];
    const session = sessionOf(A, '1');
    waiting[0]!.resolve(session);
    expect(await Promise.all(both)).toEqual([session, session]);
    expect(await holder.session()).toBe(session);
    expect(opened).toEqual([A]);
    expect(states).toEqual(['idle', 'connecting', 'open']);
  });

  it('of another connection never answers for this one', async () => {
    const { holder, waiting, seen } = setUp();
    holder.choose(A);
    const late = holder.session();
    holder.choose(B);
    const now = holder.session();
    const old = sessionOf(A, '1');
    const current = sessionOf(B, '2');
    waiting[0]!.resolve(old);
    waiting[1]!.resolve(current);
    await expect(late).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await now).toBe(current);
    expect(waiting[0]!.signal.aborted).toBe(true);
    expect(old.destroyed).toBe(true);
    expect(current.destroyed).toBe(false);
    expect(seen.changes).toBe(2);
  });

  it('is dropped, with its clients, when another connection is chosen', async () => {
    const { holder, waiting } = setUp();
    holder.choose(A);
    const opening = holder.session();
    const session = sessionOf(A, '1');
    waiting[0]!.resolve(session);
    await opening;
    holder.choose(B);
    expect(session.destroyed).toBe(true);
  });

  it('stays shut for nobody: a failure is told and the next use tries again', async () => {
    const { holder, waiting, states } = setUp();
    holder.choose(A);
    const failing = holder.session();
    waiting[0]!.reject(new Error('expired'));
    await expect(failing).rejects.toThrow('expired');
    expect(holder.state).toMatchObject({ kind: 'failed', connection: A });
    const again = holder.session();
    waiting[1]!.resolve(sessionOf(A, '1'));
    await again;
    expect(states).toEqual(['idle', 'connecting', 'failed', 'connecting', 'open']);
  });

  it('lets one who waits give up without disturbing the others', async () => {
    const { holder, waiting } = setUp();
    holder.choose(A);
    const controller = new AbortController();
    const impatient = holder.session(controller.signal);
    const patient = holder.session();
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'Cancelled' });
    const session = sessionOf(A, '1');
    waiting[0]!.resolve(session);
    expect(await patient).toBe(session);
  });

  it('is opened anew when it can no longer be used, silently on the same account', async () => {
    const { holder, waiting, seen, opened } = setUp();
    holder.choose(A);
    const first = holder.session();
    waiting[0]!.resolve(sessionOf(A, '1'));
    await first;
    seen.usable = false;
    const second = holder.session();
    waiting[1]!.resolve(sessionOf(A, '1'));
    await second;
    expect(opened).toHaveLength(2);
    expect(seen.changes).toBe(1);
  });
});

it('a session that opens after a failure has those read again who show the failure', async () => {
  const { holder, waiting, seen } = setUp();
  holder.choose(A);
  const failing = holder.session();
  waiting[0]!.reject(new Error('expired'));
  await expect(failing).rejects.toThrow();
  const again = holder.session();
  waiting[1]!.resolve(sessionOf(A, '1'));
  await again;
  expect(seen.changes).toBe(2);
});

describe('new credentials in the files', () => {
  async function opened(account: string) {
    const parts = setUp();
    parts.holder.choose(A);
    const opening = parts.holder.session();
    const first = sessionOf(A, account);
    parts.waiting[0]!.resolve(first);
    await opening;
    return { ...parts, first };
  }

  it('of another account have everybody read again', async () => {
    const { holder, waiting, seen, first } = await opened('1');
    const again = holder.reidentify();
    await Promise.resolve();
    waiting[1]!.resolve(sessionOf(A, '2'));
    await again;
    expect(seen.changes).toBe(2);
    expect(first.destroyed).toBe(true);
  });

  it('of the same account disturb nobody: the old clients end with the connection', async () => {
    const { holder, waiting, seen, first } = await opened('1');
    const again = holder.reidentify();
    await Promise.resolve();
    const second = sessionOf(A, '1');
    waiting[1]!.resolve(second);
    await again;
    expect(seen.changes).toBe(1);
    expect(await holder.session()).toBe(second);
    expect(first.destroyed).toBe(false);
    holder.choose(B);
    expect([first.destroyed, second.destroyed]).toEqual([true, true]);
  });

  it('are tried where the old ones had failed', async () => {
    const { holder, waiting, seen } = setUp();
    holder.choose(A);
    const failing = holder.session();
    waiting[0]!.reject(new Error('expired'));
    await expect(failing).rejects.toThrow();
    const again = holder.reidentify();
    await Promise.resolve();
    waiting[1]!.resolve(sessionOf(A, '1'));
    await again;
    expect(holder.state.kind).toBe('open');
    expect(seen.changes).toBe(2);
  });

  it('that no longer work are told to those who show what the old ones gave', async () => {
    const { holder, waiting, seen } = await opened('1');
    const again = holder.reidentify();
    await Promise.resolve();
    waiting[1]!.reject(new Error('expired'));
    await again;
    expect(holder.state.kind).toBe('failed');
    expect(seen.changes).toBe(2);
  });

  it('wait for an opening under way, so that nobody who waits for it is sent away', async () => {
    const { holder, waiting } = setUp();
    holder.choose(A);
    const opening = holder.session();
    const again = holder.reidentify();
    waiting[0]!.resolve(sessionOf(A, '1'));
    expect((await opening).identity.accountId).toBe('1');
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]!.resolve(sessionOf(A, '1'));
    await again;
    expect(holder.state.kind).toBe('open');
  });

  it('are not read for a connection that is not in use', async () => {
    const { holder, opened: asked } = setUp();
    holder.choose(A);
    await holder.reidentify();
    expect(asked).toEqual([]);
  });

  it('that were replaced end once nothing uses them, however often the files change', async () => {
    const { holder, waiting } = setUp();
    holder.choose(A);
    const first = holder.session();
    const sessions = Array.from({ length: 5 }, () => sessionOf(A, '1'));
    waiting[0]!.resolve(sessions[0]!);
    await first;
    for (const next of sessions.slice(1)) {
      const again = holder.reidentify();
      await expect.poll(() => waiting.length).toBe(sessions.indexOf(next) + 1);
      waiting.at(-1)!.resolve(next);
      await again;
    }
    const [used, ...others] = sessions.slice(0, -1);
    for (const session of others) session.unused = true;
    await expect.poll(() => others.every(({ destroyed }) => destroyed)).toBe(true);
    expect(used!.destroyed).toBe(false);
    used!.unused = true;
    await expect.poll(() => used!.destroyed).toBe(true);
    expect(sessions.at(-1)!.destroyed).toBe(false);
    holder.dispose();
  });
});
