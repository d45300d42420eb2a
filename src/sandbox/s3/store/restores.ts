import type { Query, Store } from '../../store.ts';
import type { ObjectVersion } from './versions.ts';
import { restoreToText } from './restoreColumns.ts';
import type { Restore } from './restoreState.ts';

/** A version with whose restore something has to happen, now or later. */
export interface DueRestore {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly due: number;
}

interface DueRow {
  readonly bucket: string;
  readonly key: string;
  readonly version_id: string;
  readonly due: number;
}

/**
 * What is restored, and what has to be told of it next. It is kept with the versions, so that a deleted
 * one takes its restore along.
 */
export class Restores {
  private readonly store: Store;
  private readonly update: Query<never>;
  private readonly selectDue: Query<DueRow>;
  private listener: () => void = () => undefined;

  /** Needs the tables of versions and buckets. */
  constructor(store: Store) {
    this.store = store;
    store.define(
      'CREATE INDEX IF NOT EXISTS version_restore ON version (restore_due) WHERE restore_due IS NOT NULL',
    );
    this.update = store.prepare(
      'UPDATE version SET restore = ?, restore_due = ? WHERE bucket = ? AND key = ? AND seq = ?',
    );
    this.selectDue = store.prepare(
      'SELECT bucket.name AS bucket, version.key, version_id, restore_due AS due FROM version JOIN bucket ON bucket.id = version.bucket WHERE restore_due IS NOT NULL ORDER BY restore_due LIMIT 1',
    );
  }

  /**
   * Keeps a restore, or that it is over. Call it inside a transaction.
   * @param due when something has to be told of it, in milliseconds since 1970
   */
  set(version: ObjectVersion, restore: Restore | undefined, due: number | undefined): void {
    const { bucketId, key, seq } = version;
    const text = restore === undefined ? null : restoreToText(restore);
    this.update.run(text, due ?? null, bucketId, key, seq);
    this.store.afterCommit(() => this.listener());
  }

  /** The restore with which something has to happen first. */
  next(): DueRestore | undefined {
    const row = this.selectDue.get();
    if (row === undefined) return undefined;
    const { version_id: versionId, ...rest } = row;
    return { ...rest, versionId };
  }

  /** Calls `listener` whenever a restore was changed. */
  onChanged(listener: () => void): void {
    this.listener = listener;
  }
}
