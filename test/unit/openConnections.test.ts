import { describe, expect, it } from 'vitest';
import { OpenConnections } from '../../src/connections/openConnections.ts';
import type { Connection, Session } from '../../src/services.ts';

const A: Connection = { id: 'profile:a', label: 'a', region: 'eu-west-1' };
const B: Connection = { id: 'profile:b', label: 'b', region: 'us-east-1' };
const C: Connection = { id: 'profile:c', label: 'c', region: 'us-east-1' };

function setUp() {
  const seen = {
    defaults: [] as (string | undefined)[],
    changes: [] as (string | undefined)[],
    opened: [] as string[],
    destroyed: [] as string[],
    accounts: new Map<string, string>(),
  };
  const open = new OpenConnections({
    open: connection => {
      seen.opened.push(connection.id);
      const clients = {
        destroy: () => void seen.destroyed.push(connection.id),
        isUnused: () => true,
      };
      const accountId = seen.accounts.get(connection.id) ?? '1';
      const identity = { accountId, arn: '', userId: '', partition: 'aws' };
      return Promise.resolve({ connection, identity, clients } as unknown as Session);
    },
    isUsable: () => true,
    onDidChange: () => void seen.defaults.push(open.current?.id),
    onDidChangeAny: id => void seen.changes.push(id),
    onDidChangeState: () => undefined,
  });
  return { open, seen };
}

describe('the connections that are open', () => {
  it('are none at first: nothing can be asked', async () => {
    const { open } = setUp();
    expect([open.current, open.opened]).toEqual([undefined, []]);
    await expect(open.session()).rejects.toMatchObject({ code: 'NoConnection' });
    await expect(open.session(undefined, A.id)).rejects.toMatchObject({ code: 'NoConnection' });
  });

  it('of one alone are replaced by the next that is chosen', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    await open.session();
    open.choose(B);
    expect([open.current, open.opened]).toEqual([B, [B]]);
    expect(seen.destroyed).toEqual([A.id]);
    expect(seen.defaults).toEqual([A.id, B.id]);
  });

  it('have sessions of their own, and the default answers where none is named', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    expect([open.current, open.opened]).toEqual([A, [A, B]]);
    expect(seen.opened).toEqual([]);
    expect((await open.session()).connection).toBe(A);
    expect((await open.session(undefined, B.id)).connection).toBe(B);
    await expect(open.session(undefined, C.id)).rejects.toMatchObject({ code: 'NoConnection' });
    expect(seen.opened).toEqual([A.id, B.id]);
  });

  it('keep their sessions when another is made the default', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    const both = [await open.session(), await open.session(undefined, B.id)];
    open.choose(B);
    expect([open.current, open.opened]).toEqual([B, [A, B]]);
    expect([await open.session(undefined, A.id), await open.session()]).toEqual(both);
    expect([seen.destroyed, seen.opened]).toEqual([[], [A.id, B.id]]);
    expect(seen.defaults).toEqual([A.id, B.id]);
  });

  it('never hold one twice, and take another place in the stead of the default only', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    open.add({ ...B, region: 'sa-east-1' });
    expect(open.opened).toEqual([A, B]);
    const elsewhere = { ...B, endpoint: 'http://127.0.0.1:9000' };
    await open.session(undefined, B.id);
    open.choose(elsewhere);
    expect([open.current, open.opened]).toEqual([elsewhere, [A, elsewhere]]);
    expect(seen.destroyed).toEqual([B.id]);
    open.choose(C);
    expect([open.current, open.opened]).toEqual([C, [A, C]]);
  });

  it('are closed one by one; of the default the one opened first takes its place', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    await open.session();
    await open.session(undefined, B.id);
    open.close(A.id);
    expect([open.current, open.opened, seen.destroyed]).toEqual([B, [B], [A.id]]);
    await expect(open.session(undefined, A.id)).rejects.toMatchObject({ code: 'NoConnection' });
    open.close(A.id);
    open.close(B.id);
    expect([open.current, open.opened]).toEqual([undefined, []]);
    expect(seen.defaults).toEqual([A.id, B.id, undefined]);
    open.choose(C);
    expect(open.current).toBe(C);
  });

  it('tell whose account is another now, and of the default alone that everything is', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    await open.session();
    await open.session(undefined, B.id);
    seen.defaults = [];
    seen.changes = [];
    seen.accounts.set(B.id, '2');
    await open.reidentify(({ id }) => id !== A.id);
    expect([seen.defaults, seen.changes]).toEqual([[], [B.id]]);
    seen.accounts.set(A.id, '2');
    await open.reidentify(() => true);
    expect([seen.defaults, seen.changes]).toEqual([[A.id], [B.id, A.id]]);
  });

  it('begin anew one at a time', async () => {
    const { open, seen } = setUp();
    open.choose(A);
    open.add(B);
    await open.session();
    await open.session(undefined, B.id);
    open.restart(B.id);
    expect(seen.destroyed).toEqual([B.id]);
    expect(open.state(A.id).kind).toBe('open');
    expect(open.state(B.id).kind).toBe('idle');
    open.restart();
    expect(open.state(A.id).kind).toBe('idle');
  });
});
