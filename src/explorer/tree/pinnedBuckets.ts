import type { Memento } from 'vscode';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { accountKey } from '../accountKey.ts';

/** A bucket, or a prefix of one, that the user added by name. */
export interface Pin {
  readonly bucket: string;
  readonly prefix?: string;
}

/** The buckets added by name, remembered per account in the user's global state. */
export class PinnedBuckets {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  list(session: Session): readonly Pin[] {
    const stored = this.#state.get<unknown>(keyFor(session));
    return Array.isArray(stored) ? stored.filter(isPin) : [];
  }

  has(session: Session, location: S3Location): boolean {
    return this.list(session).some(pin => same(pin, location));
  }

  async add(session: Session, location: S3Location): Promise<void> {
    if (this.has(session, location)) return;
    await this.#state.update(keyFor(session), [...this.list(session), pinOf(location)]);
  }

  async remove(session: Session, location: S3Location): Promise<void> {
    const rest = this.list(session).filter(pin => !same(pin, location));
    await this.#state.update(keyFor(session), rest.length > 0 ? rest : undefined);
  }
}

function keyFor(session: Session): string {
  return `explorer.pinned/${accountKey(session)}`;
}

function pinOf({ bucket, key }: S3Location): Pin {
  return key ? { bucket, prefix: key } : { bucket };
}

function same(pin: Pin, { bucket, key }: S3Location): boolean {
  return pin.bucket === bucket && (pin.prefix ?? '') === (key ?? '');
}

function isPin(value: unknown): value is Pin {
  if (typeof value !== 'object' || value === null) return false;
  const { bucket, prefix } = value as Record<string, unknown>;
  return typeof bucket === 'string' && (prefix === undefined || typeof prefix === 'string');
}
