import { describe, expect, it } from 'vitest';
import type { Connections, Session } from '../../src/services.ts';
import {
  OtherConnection,
  ownerOf,
  servicesFor,
  sessionForTarget,
  sessionOf,
} from '../../src/vscode/sessionOwner.ts';

function session(label: string, accountId: string): Session {
  return {
    key: `${label}/${accountId}`,
    connection: { id: `profile:${label}`, label, region: 'eu-west-1' },
    identity: { accountId, partition: 'aws', arn: '', userId: '' },
    clients: {} as Session['clients'],
  };
}

function nobodyListens(): never {
  throw new Error('Nobody listens');
}

function connected(now: Session): Connections {
  return {
    current: now.connection,
    opened: [now.connection],
    onDidChange: nobodyListens,
    onDidChangeAny: nobodyListens,
    session: () => Promise.resolve(now),
  };
}

describe('what belongs to one connection', () => {
  it('is named without an account where the service knows none', () => {
    expect(ownerOf(session('minio', '')).name).toBe('minio');
  });

  const prod = session('prod', '111122223333');
  const owner = ownerOf(prod);

  it('is used with its own, whatever its credentials are now', async () => {
    const renewed = { ...prod };
    expect(await sessionOf(connected(renewed), owner)).toBe(renewed);
  });

  it.each([session('test', '111122223333'), session('prod', '444455556666')])(
    'is refused with another, both named: %#',
    async other => {
      const refused = sessionOf(connected(other), owner);
      await expect(refused).rejects.toBeInstanceOf(OtherConnection);
      await expect(refused).rejects.toThrow(
        `prod (account 111122223333), but you are connected to ${ownerOf(other).name}`,
      );
    },
  );
});

describe('with several connections open', () => {
  const prod = session('prod', '111122223333');
  const test = { ...session('test', '444455556666'), key: 'profile%3Atest/444455556666' };
  const asked: (string | undefined)[] = [];
  const connections: Connections = {
    ...connected(prod),
    opened: [prod.connection, test.connection],
    session: (_, id) => {
      asked.push(id);
      return Promise.resolve(id === test.connection.id ? test : prod);
    },
  };

  it('each thing is done with its own', async () => {
    expect(await sessionForTarget(connections, { session: test.key })).toBe(test);
    expect(await sessionOf(connections, ownerOf(test))).toBe(test);
    expect(await sessionForTarget(connections, {})).toBe(prod);
    expect(await sessionForTarget(connections, undefined)).toBe(prod);
  });

  it('what is of none of them, or of another account of one, is refused', async () => {
    for (const key of ['profile%3Agone/444455556666', 'profile%3Atest/777788889999']) {
      const refused = sessionForTarget(connections, { session: key });
      await expect(refused).rejects.toBeInstanceOf(OtherConnection);
    }
    await expect(
      sessionForTarget(connections, { session: 'profile%3Agone/444455556666' }),
    ).rejects.toThrow('gone (account 444455556666)');
  });

  it('services for something know no other connection', async () => {
    const services = { connections, other: 1 };
    expect(servicesFor(services, undefined)).toBe(services);
    expect(servicesFor(services, { bucket: 'b' })).toBe(services);
    const own = servicesFor(services, { bucket: 'b', session: test.key });
    expect(own.other).toBe(1);
    expect([own.connections.current, own.connections.opened]).toEqual([
      test.connection,
      [test.connection],
    ]);
    expect(await own.connections.session()).toBe(test);
    expect(await own.connections.session(undefined, prod.connection.id)).toBe(test);
    const closed = servicesFor(services, { session: 'profile%3Agone/1' });
    expect(closed.connections.opened).toEqual([]);
    await expect(closed.connections.session()).rejects.toBeInstanceOf(OtherConnection);
  });
});
