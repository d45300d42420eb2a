import type { Query, Store } from '../../store.ts';
import type { Acl } from './acl.ts';
import type { ObjectVersion } from './versions.ts';

/** The version that an ACL is of. */
type Owned = Pick<ObjectVersion, 'bucketId' | 'key' | 'seq'>;

interface AclRow {
  readonly acl: string;
}

/** The few ACLs of objects that say more than that the owner has full control. They go with their version. */
export class ObjectAcls {
  private readonly select: Query<AclRow>;
  private readonly upsert: Query<never>;
  private readonly remove: Query<never>;

  /** After the table of versions was made. */
  constructor(store: Store) {
    store.define(`
      CREATE TABLE IF NOT EXISTS object_acl (
        bucket INTEGER NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, acl TEXT NOT NULL,
        PRIMARY KEY (bucket, key, seq)) STRICT, WITHOUT ROWID;
      CREATE TRIGGER IF NOT EXISTS object_acl_gone AFTER DELETE ON version BEGIN
        DELETE FROM object_acl WHERE bucket = OLD.bucket AND key = OLD.key AND seq = OLD.seq;
      END;`);
    this.select = store.prepare(
      'SELECT acl FROM object_acl WHERE bucket = ? AND key = ? AND seq = ?',
    );
    this.upsert = store.prepare('INSERT OR REPLACE INTO object_acl VALUES (?, ?, ?, ?)');
    this.remove = store.prepare('DELETE FROM object_acl WHERE bucket = ? AND key = ? AND seq = ?');
  }

  /** Undefined: the owner has full control, and nobody else anything. */
  find({ bucketId, key, seq }: Owned): Acl | undefined {
    const row = this.select.get(bucketId, key, seq);
    return row && (JSON.parse(row.acl) as Acl);
  }

  set({ bucketId, key, seq }: Owned, acl: Acl | undefined): void {
    if (acl) this.upsert.run(bucketId, key, seq, JSON.stringify(acl));
    else this.remove.run(bucketId, key, seq);
  }
}
