import type { Memento } from 'vscode';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { Session } from '../../services.ts';
import { accountKey } from '../accountKey.ts';

/**
 * Entries that were taken out of a bucket's notifications to be put back some day. S3 has no such
 * state, so they are remembered per account and bucket in the user's global state.
 */
export class DisabledNotifications {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  list(session: Session, bucket: string): readonly BucketNotification[] {
    const stored = this.#state.get<unknown>(keyFor(session, bucket));
    return Array.isArray(stored) ? stored.filter(isNotification) : [];
  }

  find(session: Session, bucket: string, id: string): BucketNotification | undefined {
    return this.list(session, bucket).find(notification => notification.id === id);
  }

  /** Remembers an entry, in the place of the one with its id. */
  async add(session: Session, bucket: string, notification: BucketNotification): Promise<void> {
    const others = this.list(session, bucket).filter(({ id }) => id !== notification.id);
    await this.#state.update(keyFor(session, bucket), [...others, notification]);
  }

  /** Puts entries in the place of those of some ids. */
  async replace(
    session: Session,
    bucket: string,
    ids: readonly string[],
    entries: readonly BucketNotification[],
  ): Promise<void> {
    const others = this.list(session, bucket).filter(({ id }) => !ids.includes(id));
    await this.#state.update(keyFor(session, bucket), [...others, ...entries]);
  }

  async remove(session: Session, bucket: string, id: string): Promise<void> {
    const rest = this.list(session, bucket).filter(other => other.id !== id);
    await this.#state.update(keyFor(session, bucket), rest.length > 0 ? rest : undefined);
  }
}

function keyFor(session: Session, bucket: string): string {
  return `explorer.disabledNotifications/${accountKey(session)}/${bucket}`;
}

/** Another version of the extension may have written it. */
function isNotification(value: unknown): value is BucketNotification {
  if (typeof value !== 'object' || value === null) return false;
  const { id, destination, events, prefix, suffix } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof prefix === 'string' &&
    typeof suffix === 'string' &&
    Array.isArray(events) &&
    events.every(event => typeof event === 'string') &&
    isDestination(destination)
  );
}

function isDestination(value: unknown): value is BucketNotification['destination'] {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, arn } = value as Record<string, unknown>;
  return typeof arn === 'string' && (kind === 'lambda' || kind === 'queue' || kind === 'topic');
}
