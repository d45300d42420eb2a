import type { Query, Store } from '../../store.ts';
import { NEW_BUCKET } from './bucketConfiguration.ts';
import type { BucketConfiguration } from './bucketConfiguration.ts';
import type { Tag } from '../tags.ts';

export type VersioningStatus = 'Enabled' | 'Suspended';

export interface Bucket extends BucketConfiguration {
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly created: Date;
  readonly versioning?: VersioningStatus;
  readonly tags: readonly Tag[];
}

interface BucketRow {
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly created: number;
  readonly versioning: string | null;
  readonly tags: string | null;
  readonly configuration: string | null;
}

const TABLE = `CREATE TABLE IF NOT EXISTS bucket (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  region TEXT NOT NULL,
  created INTEGER NOT NULL,
  versioning TEXT,
  tags TEXT,
  configuration TEXT
)`;

/** The buckets' records. Few and read by every request, so they are remembered. */
export class Buckets {
  private readonly known = new Map<string, Bucket>();
  private readonly select: Query<BucketRow>;
  private readonly selectPage: Query<BucketRow>;
  private readonly insertRow: Query<never>;
  private readonly updateVersioning: Query<never>;
  private readonly updateTags: Query<never>;
  private readonly updateConfiguration: Query<never>;
  private readonly deleteRow: Query<never>;

  constructor(store: Store) {
    store.define(TABLE);
    this.select = store.prepare('SELECT * FROM bucket WHERE name = ?');
    this.selectPage = store.prepare(
      'SELECT * FROM bucket WHERE name > ? AND substr(name, 1, length(?)) = ? ORDER BY name LIMIT ?',
    );
    this.insertRow = store.prepare(
      'INSERT INTO bucket (name, region, created, tags, configuration) VALUES (?, ?, ?, ?, ?)',
    );
    this.updateVersioning = store.prepare('UPDATE bucket SET versioning = ? WHERE id = ?');
    this.updateTags = store.prepare('UPDATE bucket SET tags = ? WHERE id = ?');
    this.updateConfiguration = store.prepare('UPDATE bucket SET configuration = ? WHERE id = ?');
    this.deleteRow = store.prepare('DELETE FROM bucket WHERE id = ?');
  }

  find(name: string): Bucket | undefined {
    const known = this.known.get(name);
    if (known) return known;
    const row = this.select.get(name);
    if (!row) return undefined;
    const bucket = toBucket(row);
    this.known.set(name, bucket);
    return bucket;
  }

  /** Buckets after a name, in byte order. */
  list(options: { after?: string; prefix?: string; limit: number }): Bucket[] {
    const { after = '', prefix = '', limit } = options;
    return this.selectPage.all(after, prefix, prefix, limit).map(toBucket);
  }

  create(
    name: string,
    region: string,
    created: Date,
    {
      tags = [],
      configuration = NEW_BUCKET,
    }: { tags?: readonly Tag[]; configuration?: BucketConfiguration } = {},
  ): void {
    const settings = JSON.stringify(configuration);
    this.insertRow.run(name, region, created.getTime(), tagsText(tags), settings);
  }

  /** Changes some of a bucket's settings; what is undefined is taken away. */
  configure(bucket: Bucket, changes: Partial<BucketConfiguration>): void {
    const { ownership, publicAccessBlock, bucketKeyEnabled } = bucket;
    const { policy, acl, locationConstraint } = bucket;
    const before = {
      ...{ ownership, publicAccessBlock, bucketKeyEnabled },
      ...{ policy, acl, locationConstraint },
    };
    this.updateConfiguration.run(JSON.stringify({ ...before, ...changes }), bucket.id);
    this.known.delete(bucket.name);
  }

  setVersioning(bucket: Bucket, status: VersioningStatus): void {
    this.updateVersioning.run(status, bucket.id);
    this.known.delete(bucket.name);
  }

  setTags(bucket: Bucket, tags: readonly Tag[]): void {
    this.updateTags.run(tagsText(tags), bucket.id);
    this.known.delete(bucket.name);
  }

  delete(bucket: Bucket): void {
    this.deleteRow.run(bucket.id);
    this.known.delete(bucket.name);
  }
}

function tagsText(tags: readonly Tag[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}

function toBucket(row: BucketRow): Bucket {
  return {
    id: row.id,
    name: row.name,
    region: row.region,
    created: new Date(row.created),
    versioning: (row.versioning ?? undefined) as VersioningStatus | undefined,
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as Tag[]),
    ...(row.configuration === null
      ? NEW_BUCKET
      : (JSON.parse(row.configuration) as BucketConfiguration)),
  };
}
