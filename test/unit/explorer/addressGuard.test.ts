import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Memento, Uri } from 'vscode';
import type { Connections, Session } from '../../../src/services.ts';
import { AddressGuard } from '../../../src/explorer/addressGuard.ts';

const { ask, workspace } = vi.hoisted(() => ({
  ask: vi.fn<(text: string) => Promise<string | undefined>>(),
  workspace: { isTrusted: true },
}));
vi.mock('vscode', async original => ({
  ...(await original<object>()),
  workspace,
  window: { showWarningMessage: ask },
  FileSystemError: {
    NoPermissions: (text: string) => Object.assign(new Error(text), { code: 'NoPermissions' }),
  },
}));

const at = (bucket: string, path = '/a.txt'): Uri =>
  ({ authority: bucket, toString: () => `s3://${bucket}${path}` }) as unknown as Uri;

function session(label: string, accountId = '111122223333'): Session {
  return {
    key: `${label}/${accountId}`,
    connection: { id: `profile:${label}`, label, region: 'eu-west-1' },
    identity: { accountId, partition: 'aws', arn: '', userId: '' },
    clients: {} as Session['clients'],
  };
}

class Memory implements Memento {
  readonly #values = new Map<string, unknown>();
  keys = (): string[] => [...this.#values.keys()];
  get = <T>(key: string, fallback?: T) => (this.#values.get(key) as T | undefined) ?? fallback;
  update = (key: string, value: unknown): Promise<void> => {
    this.#values.set(key, value);
    return Promise.resolve();
  };
}

/** Counts the sessions that are opened: each would send a signed request. */
function world(memory = new Memory(), now = session('prod')) {
  const state = { now, opened: 0, connected: undefined as Session | undefined };
  const connections: Connections = {
    get current() {
      return state.now.connection;
    },
    onDidChange: () => {
      throw new Error('Nobody listens');
    },
    session: () => {
      state.opened++;
      return Promise.resolve(state.now);
    },
  };
  return { state, memory, guard: new AddressGuard(connections, memory, () => state.connected) };
}

beforeEach(() => {
  ask.mockReset();
  workspace.isTrusted = true;
});

describe('an s3: address', () => {
  it('of a workspace that isn’t trusted is not read, and nothing is sent or asked', async () => {
    workspace.isTrusted = false;
    const { guard, state } = world();
    await expect(guard.session(at('b'))).rejects.toMatchObject({ code: 'NoPermissions' });
    expect([state.opened, ask.mock.calls]).toEqual([0, []]);
    guard.admit(state.now, at('b'));
    expect(await guard.session(at('b'))).toBe(state.now);
    await expect(guard.session(at('b', '/other'))).rejects.toMatchObject({ code: 'NoPermissions' });
    state.now = session('test');
    await expect(guard.session(at('b'))).rejects.toMatchObject({ code: 'NoPermissions' });
  });

  it('is asked about once, however many calls wait, before anything is sent', async () => {
    const { guard, state } = world();
    ask.mockImplementation(() => {
      expect(state.opened).toBe(0);
      return Promise.resolve('Allow');
    });
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => guard.session(at(n % 2 ? 'a' : 'b', `/${n}`))),
    );
    expect(ask).toHaveBeenCalledTimes(1);
    expect(ask.mock.calls[0]?.[0]).toMatch(/s3:\/\/b, s3:\/\/a with prod/);
    await guard.session(at('a'));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is asked about with the account where that is known, and remembered for it', async () => {
    ask.mockResolvedValue('Allow');
    const { guard, state, memory } = world();
    state.connected = state.now;
    await guard.session(at('b'));
    expect(ask.mock.calls[0]?.[0]).toContain('prod (account 111122223333)');
    const later = world(memory);
    await later.guard.session(at('b'));
    expect(ask).toHaveBeenCalledTimes(1);
    for (const other of [session('prod', '444455556666'), session('test')]) {
      ask.mockClear();
      const next = world(memory, other);
      next.state.connected = other;
      await next.guard.session(at('b'));
      expect(ask).toHaveBeenCalledTimes(1);
    }
  });

  it('that was not allowed is not asked about again, until it is opened from a view', async () => {
    ask.mockResolvedValue('Don’t Allow');
    const { guard, state } = world();
    const denied = { code: 'NoPermissions' };
    await Promise.all([
      expect(guard.session(at('b'))).rejects.toMatchObject(denied),
      expect(guard.session(at('b'))).rejects.toMatchObject(denied),
    ]);
    await expect(guard.session(at('b', '/other'))).rejects.toMatchObject(denied);
    expect([ask.mock.calls.length, state.opened]).toEqual([1, 0]);
    guard.admit(state.now, at('b'));
    expect(await guard.session(at('b'))).toBe(state.now);
  });

  it('is not read when the connection was switched while it was asked about', async () => {
    const { guard, state } = world();
    ask.mockImplementation(() => {
      state.now = session('test');
      return Promise.resolve('Allow');
    });
    await expect(guard.session(at('b'))).rejects.toMatchObject({ code: 'NoPermissions' });
  });
});
