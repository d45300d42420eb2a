import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Principal } from '../principal.ts';
import type { Store } from '../store.ts';

/** What an access key id stands for. */
export interface KnownKey {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Only temporary credentials have a token and an end. */
  readonly session?: { readonly token: string; readonly expiresAt: Date };
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

interface SessionRow {
  readonly secret: string;
  readonly token: string;
  readonly principal: string;
  readonly expires: number;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An access key id of AWS's shape, recognisable as the sandbox's. */
export function newAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  const tail = Array.from({ length: 9 }, () => BASE32[randomInt(BASE32.length)]);
  return `${prefix}SANDBOX${tail.join('')}`;
}

export function newSecretAccessKey(): string {
  return randomBytes(30).toString('base64');
}

/** The keys that may sign requests: the sandbox user's, and those that STS has given out. */
export class Credentials {
  private readonly clock: Clock;
  private readonly own: { readonly accessKeyId: string; readonly key: KnownKey };
  private readonly sessions = new Map<string, KnownKey>();
  private readonly selectSession;
  private readonly insertSession;
  private readonly deleteExpired;

  constructor(
    store: Store,
    clock: Clock,
    own: { readonly accessKeyId: string; readonly key: KnownKey },
  ) {
    this.clock = clock;
    this.own = own;
    store.define(
      'CREATE TABLE IF NOT EXISTS session_credential (access_key_id TEXT PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL, principal TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID',
    );
    this.selectSession = store.prepare<SessionRow>(
      'SELECT secret, token, principal, expires FROM session_credential WHERE access_key_id = ?',
    );
    this.insertSession = store.prepare('INSERT INTO session_credential VALUES (?, ?, ?, ?, ?)');
    this.deleteExpired = store.prepare('DELETE FROM session_credential WHERE expires < ?');
  }

  find(accessKeyId: string): KnownKey | undefined {
    if (accessKeyId === this.own.accessKeyId) return this.own.key;
    const known = this.sessions.get(accessKeyId);
    if (known) return known;
    const row = this.selectSession.get(accessKeyId);
    if (!row) return undefined;
    const key: KnownKey = {
      secretAccessKey: row.secret,
      principal: JSON.parse(row.principal) as Principal,
      session: { token: row.token, expiresAt: new Date(row.expires) },
    };
    this.sessions.set(accessKeyId, key);
    return key;
  }

  /** Makes temporary credentials for a principal, valid for `seconds`. */
  createSession(principal: Principal, seconds: number): SessionCredentials {
    const now = this.clock.now().getTime();
    const expiration = new Date(now + seconds * 1000);
    const accessKeyId = newAccessKeyId('ASIA');
    const secretAccessKey = newSecretAccessKey();
    const sessionToken = randomBytes(150).toString('base64');
    // Expired ones stay for a day, so that their holders hear ExpiredToken and not "unknown key".
    this.deleteExpired.run(now - 24 * 60 * 60 * 1000);
    this.insertSession.run(
      accessKeyId,
      secretAccessKey,
      sessionToken,
      JSON.stringify({ ...principal, tokenIssued: new Date(now).toISOString() }),
      expiration.getTime(),
    );
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  }
}
