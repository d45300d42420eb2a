import type { Query, Store } from '../../store.ts';
import type { Blob } from './blobs.ts';
import type { Checksum } from '../checksums.ts';
import { restoreFromText } from './restoreColumns.ts';
import type { Restore } from './restoreState.ts';
import type { Tag } from '../tags.ts';

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly bucketId: number;
  readonly key: string;
  /** Its place: grows with each request that began a version of a key. */
  readonly seq: number;
  /** `null` (the word) for what was written without versioning. */
  readonly versionId: string;
  readonly latest: boolean;
  readonly deleteMarker: boolean;
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly modified: Date;
  readonly storageClass: string;
  readonly checksum?: Checksum;
  /** Headers given back as they were stored, by lower-case name: content-type, cache-control … */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata by name without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly blobs: readonly Blob[];
  /** Of each blob in base64, where the object's checksum is a composite one. */
  readonly partChecksums?: readonly string[] | undefined;
  /** Of an archived object that is restored, or was and nobody was told of its end yet. */
  readonly restore?: Restore;
  /** When something has to be told of the restore next, in milliseconds since 1970. */
  readonly restoreDue?: number;
}

export type NewVersion = Omit<ObjectVersion, 'latest' | 'restore' | 'restoreDue'>;

interface VersionRow {
  readonly bucket: number;
  readonly key: string;
  readonly seq: number;
  readonly version_id: string;
  readonly latest: number;
  readonly marker: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly storage_class: string;
  /** Algorithm, type and value. */
  readonly checksum: string | null;
  readonly headers: string | null;
  readonly metadata: string | null;
  readonly tags: string | null;
  readonly blobs: string;
  readonly restore: string | null;
  readonly restore_due: number | null;
}

/** What a listing shows of an object. */
export type CurrentRow = Pick<
  VersionRow,
  'key' | 'size' | 'etag' | 'modified' | 'storage_class' | 'checksum' | 'restore'
>;

/** What a listing shows of a version. */
export type ListedVersionRow = CurrentRow &
  Pick<VersionRow, 'seq' | 'version_id' | 'latest' | 'marker'>;

/** Keys are text in UTF-8, so SQLite's order is S3's: that of the bytes. */
const TABLE = `CREATE TABLE IF NOT EXISTS version (
  bucket INTEGER NOT NULL,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  version_id TEXT NOT NULL,
  latest INTEGER NOT NULL,
  marker INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  storage_class TEXT NOT NULL,
  checksum TEXT,
  headers TEXT,
  metadata TEXT,
  tags TEXT,
  blobs TEXT NOT NULL,
  restore TEXT,
  restore_due INTEGER,
  PRIMARY KEY (bucket, key, seq DESC)
) WITHOUT ROWID`;

/** The records of objects and their versions. */
export class Versions {
  /** Objects of a bucket (its id) from a key up to another, by key. */
  readonly current: Query<CurrentRow>;
  /** All versions and delete markers likewise, the newest first. */
  readonly all: Query<ListedVersionRow>;
  private readonly selectLatest: Query<VersionRow>;
  private readonly selectVersion: Query<VersionRow>;
  private readonly selectAny: Query<{ one: number }>;
  private readonly insertRow: Query<never>;
  private readonly clearLatest: Query<never>;
  private readonly promote: Query<never>;
  private readonly deleteRow: Query<never>;
  private readonly updateTags: Query<never>;

  constructor(store: Store) {
    store.define(TABLE);
    this.current = store.prepare(
      'SELECT key, size, etag, modified, storage_class, checksum, restore FROM version WHERE bucket = ? AND key >= ? AND key < ? AND latest = 1 AND marker = 0 ORDER BY key',
    );
    this.all = store.prepare(
      'SELECT key, size, etag, modified, storage_class, checksum, restore, seq, version_id, latest, marker FROM version WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key, seq DESC',
    );
    this.selectLatest = store.prepare(
      'SELECT * FROM version WHERE bucket = ? AND key = ? ORDER BY seq DESC LIMIT 1',
    );
    this.selectVersion = store.prepare(
      'SELECT * FROM version WHERE bucket = ? AND key = ? AND version_id = ?',
    );
    this.selectAny = store.prepare('SELECT 1 AS one FROM version WHERE bucket = ? LIMIT 1');
    this.insertRow = store.prepare(
      'INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)',
    );
    this.clearLatest = store.prepare(
      'UPDATE version SET latest = 0 WHERE bucket = ? AND key = ? AND seq = ?',
    );
    this.promote = store.prepare(
      'UPDATE version SET latest = 1 WHERE bucket = ?1 AND key = ?2 AND seq = (SELECT max(seq) FROM version WHERE bucket = ?1 AND key = ?2)',
    );
    this.deleteRow = store.prepare('DELETE FROM version WHERE bucket = ? AND key = ? AND seq = ?');
    this.updateTags = store.prepare(
      'UPDATE version SET tags = ? WHERE bucket = ? AND key = ? AND seq = ?',
    );
  }

  /** The newest version, which may be a delete marker. */
  latest(bucketId: number, key: string): ObjectVersion | undefined {
    const row = this.selectLatest.get(bucketId, key);
    return row && toVersion(row);
  }

  find(bucketId: number, key: string, versionId: string): ObjectVersion | undefined {
    const row = this.selectVersion.get(bucketId, key, versionId);
    return row && toVersion(row);
  }

  /** Whether a bucket holds any version or delete marker. */
  any(bucketId: number): boolean {
    return this.selectAny.get(bucketId) !== undefined;
  }

  /**
   * Adds a version at its place among the key's others. Call it inside a transaction.
   * @param before the newest version until now.
   */
  insert(version: NewVersion, before: ObjectVersion | undefined): void {
    const latest = before === undefined || before.seq < version.seq;
    if (before && latest) this.clearLatest.run(before.bucketId, before.key, before.seq);
    this.insertRow.run(
      version.bucketId,
      version.key,
      version.seq,
      version.versionId,
      latest ? 1 : 0,
      version.deleteMarker ? 1 : 0,
      version.size,
      version.eTag,
      version.modified.getTime(),
      version.storageClass,
      version.checksum ? checksumToText(version.checksum) : null,
      jsonOrNull(version.headers),
      jsonOrNull(version.metadata),
      tagsToText(version.tags),
      blobsToText(version),
    );
  }

  /** Removes a version; the one below becomes the newest. Call it inside a transaction. */
  delete(version: ObjectVersion): void {
    this.deleteRow.run(version.bucketId, version.key, version.seq);
    if (version.latest) this.promote.run(version.bucketId, version.key);
  }

  setTags(version: ObjectVersion, tags: readonly Tag[]): void {
    this.updateTags.run(tagsToText(tags), version.bucketId, version.key, version.seq);
  }
}

function jsonOrNull(record: Readonly<Record<string, string>>): string | null {
  return Object.keys(record).length === 0 ? null : JSON.stringify(record);
}

/** Id, size and, in a composite object, the checksum of each part. */
function blobsToText({ blobs, partChecksums }: NewVersion): string {
  return JSON.stringify(
    blobs.map(({ id, size }, index) =>
      partChecksums === undefined ? [id, size] : [id, size, partChecksums[index]],
    ),
  );
}

function blobsFromText(text: string): Pick<ObjectVersion, 'blobs' | 'partChecksums'> {
  const rows = JSON.parse(text) as [id: number, size: number, checksum?: string][];
  const blobs = rows.map(([id, size]) => ({ id, size }));
  if (rows[0]?.[2] === undefined) return { blobs };
  return { blobs, partChecksums: rows.map(([, , checksum = '']) => checksum) };
}

function checksumToText({ algorithm, type, value }: Checksum): string {
  return `${algorithm} ${type} ${value}`;
}

function checksumFromText(text: string): Checksum {
  const [algorithm, type, value] = text.split(' ');
  return { algorithm, type, value } as Checksum;
}

function tagsToText(tags: readonly Tag[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}

function toVersion(row: VersionRow): ObjectVersion {
  return {
    bucketId: row.bucket,
    key: row.key,
    seq: row.seq,
    versionId: row.version_id,
    latest: row.latest === 1,
    deleteMarker: row.marker === 1,
    size: row.size,
    eTag: row.etag,
    modified: new Date(row.modified),
    storageClass: row.storage_class,
    checksum: row.checksum === null ? undefined : checksumFromText(row.checksum),
    headers: toRecord(row.headers),
    metadata: toRecord(row.metadata),
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as Tag[]),
    ...blobsFromText(row.blobs),
    restore: restoreFromText(row.restore),
    restoreDue: row.restore_due ?? undefined,
  };
}

function toRecord(text: string | null): Record<string, string> {
  return text === null ? {} : (JSON.parse(text) as Record<string, string>);
}
