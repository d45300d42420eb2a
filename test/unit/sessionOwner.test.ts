import { describe, expect, it } from 'vitest';
import type { Connections, Session } from '../../src/services.ts';
import { OtherConnection, ownerOf, sessionOf } from '../../src/vscode/sessionOwner.ts';

function session(label: string, accountId: string): Session {
  return {
    key: `${label}/${accountId}`,
    connection: { id: `profile:${label}`, label, region: 'eu-west-1' },
    identity: { accountId, partition: 'aws', arn: '', userId: '' },
    clients: {} as Session['clients'],
  };
}

function connected(now: Session): Connections {
  return {
    current: now.connection,
    onDidChange: () => {
      throw new Error('Nobody listens');
    },
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
