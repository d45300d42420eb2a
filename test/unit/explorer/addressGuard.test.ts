import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Memento, Uri } from 'vscode';
import type { Connections, Session } from '../../../src/services.ts';
import { AddressGuard } from '../../../src/explorer/fileSystem/addressGuard.ts';

const { ask, refresh, workspace } = vi.hoisted(() => ({
  refresh: vi.fn<(id: string) => void>(),
  ask: vi.fn<(text: string) => Promise<string | undefined>>(),
  workspace: { isTrusted: true, workspaceFolders: [] as { uri: Uri }[] },
}));
vi.mock('vscode', async original => ({
  ...(await original<object>()),
  workspace,
  window: { showWarningMessage: ask },
  commands: { executeCommand: refresh },
  FileSystemError: {
    NoPermissions: (text: string) => Object.assign(new Error(text), { code: 'NoPermissions' }),
  },
}));

const at = (bucket: string, path = '/a.txt'): Uri =>
  ({ authority: bucket, query: '', toString: () => `s3://${bucket}${path}` }) as unknown as Uri;

function session(label: string, accountId = '111122223333'): Session {
  return {
    key: `profile:${label}/${accountId}`,
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

function nobodyListens(): never {
  throw new Error('Nobody listens');
}

/** Counts the sessions that are opened: each would send a signed request. */
function world(memory = new Memory(), now = session('prod'), shared = memory, patience?: number) {
  const state = { now, opened: 0, connected: undefined as Session | undefined };
  const connections: Connections = {
    get current() {
      return state.now.connection;
    },
    get opened() {
      return [state.now.connection];
    },
    onDidChange: nobodyListens,
    onDidChangeAny: nobodyListens,
    session: () => {
      state.opened++;
      return Promise.resolve(state.now);
    },
  };
  return {
    state,
    memory,
    guard: new AddressGuard(connections, memory, () => state.connected, shared, patience),
  };
}

beforeEach(() => {
  ask.mockReset();
  workspace.isTrusted = true;
});

describe('a question that nobody answers', () => {
  it('is not waited for without end, and what it is answered later holds', async () => {
    const { guard } = world(new Memory(), session('prod'), new Memory(), 20);
    let answer: (text: string) => void = () => undefined;
    ask.mockReturnValue(new Promise(resolve => (answer = resolve)));
    const refused = expect(guard.session(at('images'))).rejects.toThrow(/needs your permission/);
    await refused;
    expect(refresh).not.toHaveBeenCalled();
    await expect.poll(() => ask).toHaveBeenCalledOnce();
    answer('Allow');
    await expect.poll(() => refresh).toHaveBeenCalledOnce();
    expect(await guard.session(at('images'))).toEqual(session('prod'));
    expect(ask).toHaveBeenCalledOnce();
  });
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

  it('in a folder that the user opened is read, after a reload and without trust too', async () => {
    workspace.isTrusted = false;
    const { guard, state, memory } = world();
    await guard.admitFolder(state.now, at('b', '/p/q'));
    const later = world(memory);
    for (const path of ['/p/q', '/p/q/x', '/p/q/x/y.txt']) {
      expect(await later.guard.session(at('b', path))).toBe(later.state.now);
    }
    const denied = { code: 'NoPermissions' };
    for (const uri of [at('b', '/p/qx'), at('b', '/p'), at('b', '/'), at('c', '/p/q/x')]) {
      await expect(later.guard.session(uri)).rejects.toMatchObject(denied);
    }
    // As another account it is another bucket's folder.
    later.state.now = session('prod', '444455556666');
    await expect(later.guard.session(at('b', '/p/q/x'))).rejects.toMatchObject(denied);
    // What another workspace brings by itself was never opened in it.
    await expect(world().guard.session(at('b', '/p/q/x'))).rejects.toMatchObject(denied);
    expect(ask).not.toHaveBeenCalled();
  });

  it('in a folder that the user opened is read by the workspace that VS Code makes for it', async () => {
    workspace.isTrusted = false;
    const shared = new Memory();
    const { guard, state } = world(new Memory(), session('prod'), shared);
    await guard.admitFolder(state.now, at('b', '/p'));
    const denied = { code: 'NoPermissions' };
    const next = () => world(new Memory(), session('prod'), shared).guard;
    // One that has not that folder is another window's.
    await expect(next().session(at('b', '/p/x'))).rejects.toMatchObject(denied);
    workspace.workspaceFolders = [{ uri: at('b', '/p') }];
    // The window that is left sees the folder too, and does not take what is the next one's.
    expect(await guard.session(at('b', '/p/x'))).toBe(state.now);
    const other = world(new Memory(), session('prod', '444455556666'), shared).guard;
    expect(await next().session(at('b', '/p/x'))).toMatchObject({
      key: 'profile:prod/111122223333',
    });
    // It is taken over once.
    await expect(next().session(at('b', '/p/x'))).rejects.toMatchObject(denied);
    await expect(other.session(at('b', '/p/x'))).rejects.toMatchObject(denied);
    workspace.workspaceFolders = [];
  });

  it('in a folder that a workspace brought by itself is asked about first', async () => {
    ask.mockResolvedValue('Don’t Allow');
    const { guard } = world();
    await expect(guard.session(at('b', '/p/q/x'))).rejects.toMatchObject({ code: 'NoPermissions' });
    expect(ask).toHaveBeenCalledTimes(1);
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
    expect(ask.mock.calls[0]?.[0]).toMatch(/s3:\/\/b and s3:\/\/a with prod/);
    await guard.session(at('a'));
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is asked about where its bucket can be seen: VS Code cuts a message after 1,000 characters', async () => {
    ask.mockResolvedValue('Allow');
    const { guard } = world();
    const names = Array.from({ length: 40 }, (_, n) => `${'x'.repeat(60)}${n + 10}`);
    await Promise.all([...names, ...names].map(name => guard.session(at(name))));
    const texts = ask.mock.calls.map(([text]) => text);
    for (const text of texts) expect(text.length).toBeLessThan(1000);
    for (const name of names) {
      expect(texts.filter(text => text.includes(`s3://${name}`))).toHaveLength(1);
    }
  });

  it('that names no bucket is not asked about', async () => {
    const { guard, state } = world();
    for (const name of ['x'.repeat(300), 'me@images', 'a, s3://b', '']) {
      const denied = { code: 'NoPermissions' };
      await expect(guard.session(at(name))).rejects.toMatchObject(denied);
    }
    expect([state.opened, ask.mock.calls]).toEqual([0, []]);
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

describe('an s3: address with several connections open', () => {
  const [prod, test] = [session('prod'), session('test', '444455556666')];
  const owned = (owner: Session): Uri =>
    ({
      ...{ authority: 'b', query: `session=${owner.key}` },
      toString: () => `s3://b/a.txt?session=${owner.key}`,
    }) as unknown as Uri;

  function several(opened: readonly Session[] = [prod, test]) {
    const now = { current: prod, opened };
    const connections: Connections = {
      get current() {
        return now.current.connection;
      },
      get opened() {
        return now.opened.map(({ connection }) => connection);
      },
      onDidChange: nobodyListens,
      onDidChangeAny: nobodyListens,
      session: (_, id = now.current.connection.id) =>
        Promise.resolve(now.opened.find(({ connection }) => connection.id === id) ?? now.current),
    };
    return { now, guard: new AddressGuard(connections, new Memory(), () => undefined) };
  }

  it('that says whose it is, is read with that connection or not at all', async () => {
    const { guard, now } = several();
    guard.admit(test, owned(test));
    expect(await guard.session(owned(test))).toBe(test);
    now.current = test;
    expect(await guard.session(owned(test))).toBe(test);
    now.opened = [prod];
    now.current = prod;
    await expect(guard.session(owned(test))).rejects.toThrow('belongs to test');
    workspace.isTrusted = false;
    await expect(guard.session(owned(test))).rejects.toMatchObject({ code: 'NoPermissions' });
  });

  it('that doesn’t, is that of who opened it last, whatever is the default', async () => {
    const { guard, now } = several();
    guard.admit(prod, at('b'));
    now.current = test;
    expect(await guard.session(at('b'))).toBe(prod);
    guard.admit(test, at('b'));
    expect(await guard.session(at('b'))).toBe(test);
    guard.admit(prod, at('b'));
    expect(await guard.session(at('b'))).toBe(prod);
    expect(ask).not.toHaveBeenCalled();
  });

  it('that a workspace names is asked about with the account that it names', async () => {
    const { guard } = several();
    ask.mockResolvedValue('Allow');
    expect(await guard.session(owned(test))).toBe(test);
    expect(ask.mock.calls[0]?.[0]).toContain('with test');
    expect(await guard.session(owned(test))).toBe(test);
    expect(ask).toHaveBeenCalledTimes(1);
    // Another account is another question.
    expect(await guard.session(owned(prod))).toBe(prod);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
