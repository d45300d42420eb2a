import type { Query, Store } from '../../store.ts';
import type { Blob } from './blobs.ts';
import type { ChecksumAlgorithm, ChecksumType } from '../checksums.ts';
import type { ObjectProperties } from './objectProperties.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly bucketId: number;
  readonly key: string;
  readonly initiated: Date;
  readonly properties: ObjectProperties;
  readonly checksum: UploadChecksum;
  /** The ARN of who began it; unknown of what older sandboxes began. */
  readonly initiator?: string;
  /** Whether the object was written or deleted since it began. */
  readonly disturbed: boolean;
  /** Its object's place among the versions of the key; 0 for what older sandboxes began: on top. */
  readonly place: number;
  /** Whether a later request wrote or deleted the key's version `null`, so that nobody will see this one there. */
  readonly overtaken: boolean;
}

/** An upload that was completed, by its object. */
export interface CompletedUploadRecord {
  readonly bucketId: number;
  readonly key: string;
  readonly versionId: string;
  readonly eTag: string;
}

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Whether the client chose it; S3 keeps a CRC64NVME of what nobody chose. */
  readonly chosen: boolean;
}

export interface Part {
  readonly number: number;
  /** The MD5 in hex, without quotes. */
  readonly eTag: string;
  readonly modified: Date;
  /** Base64, by the upload's algorithm. */
  readonly checksum: string;
  readonly blob: Blob;
}

interface UploadRow {
  readonly id: string;
  readonly bucket: number;
  readonly key: string;
  readonly initiated: number;
  readonly properties: string;
  readonly checksum: string;
  readonly initiator: string | null;
  readonly disturbed: number;
  readonly place: number;
  readonly overtaken: number;
}

interface CompletedRow {
  readonly bucket: number;
  readonly key: string;
  readonly version: string;
  readonly etag: string;
}

interface PartRow {
  readonly number: number;
  readonly etag: string;
  readonly modified: number;
  readonly checksum: string;
  readonly blob: number;
  readonly size: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const TABLES = `
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY,
  bucket INTEGER NOT NULL,
  key TEXT NOT NULL,
  initiated INTEGER NOT NULL,
  properties TEXT NOT NULL,
  checksum TEXT NOT NULL,
  initiator TEXT,
  disturbed INTEGER NOT NULL DEFAULT 0,
  place INTEGER NOT NULL DEFAULT 0,
  overtaken INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS upload_key ON upload (bucket, key);
CREATE TABLE IF NOT EXISTS completed_upload (
  id TEXT PRIMARY KEY,
  bucket INTEGER NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  etag TEXT NOT NULL,
  completed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS completed_upload_time ON completed_upload (completed);
CREATE TABLE IF NOT EXISTS part (
  upload TEXT NOT NULL,
  number INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  blob INTEGER NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (upload, number)
) WITHOUT ROWID;`;

/** The records of multipart uploads and their parts. */
export class Uploads {
  private readonly selectUpload: Query<UploadRow>;
  private readonly selectOfBucket: Query<UploadRow>;
  private readonly selectParts: Query<PartRow>;
  private readonly insertUpload: Query<never>;
  private readonly insertPart: Query<never>;
  private readonly deleteUpload: Query<never>;
  private readonly deleteParts: Query<never>;
  private readonly markDisturbed: Query<never>;
  private readonly markOvertaken: Query<never>;
  private readonly selectLastPlace: Query<{ place: number | null }>;
  private readonly selectCompleted: Query<CompletedRow>;
  private readonly insertCompleted: Query<never>;
  private readonly forgetCompleted: Query<never>;

  constructor(store: Store) {
    store.define(TABLES);
    this.selectUpload = store.prepare('SELECT * FROM upload WHERE id = ?');
    this.selectOfBucket = store.prepare(
      'SELECT * FROM upload WHERE bucket = ? ORDER BY key, initiated, place, id',
    );
    this.selectParts = store.prepare(
      'SELECT number, etag, modified, checksum, blob, size FROM part WHERE upload = ? ORDER BY number',
    );
    this.insertUpload = store.prepare('INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0)');
    this.insertPart = store.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.deleteUpload = store.prepare('DELETE FROM upload WHERE id = ?');
    this.deleteParts = store.prepare('DELETE FROM part WHERE upload = ?');
    this.markDisturbed = store.prepare(
      'UPDATE upload SET disturbed = 1 WHERE bucket = ? AND key = ?',
    );
    this.markOvertaken = store.prepare(
      'UPDATE upload SET overtaken = 1 WHERE bucket = ? AND key = ? AND place < ?',
    );
    this.selectLastPlace = store.prepare(
      'SELECT max(place) AS place FROM upload WHERE bucket = ? AND key = ?',
    );
    this.selectCompleted = store.prepare(
      'SELECT bucket, key, version, etag FROM completed_upload WHERE id = ?',
    );
    this.insertCompleted = store.prepare('INSERT INTO completed_upload VALUES (?, ?, ?, ?, ?, ?)');
    this.forgetCompleted = store.prepare('DELETE FROM completed_upload WHERE completed < ?');
  }

  find(id: string): Upload | undefined {
    const row = this.selectUpload.get(id);
    return row && toUpload(row);
  }

  /** By key, then by age. */
  ofBucket(bucketId: number): Upload[] {
    return this.selectOfBucket.all(bucketId).map(toUpload);
  }

  /** By number. */
  parts(uploadId: string): Part[] {
    return this.selectParts.all(uploadId).map(row => ({
      number: row.number,
      eTag: row.etag,
      modified: new Date(row.modified),
      checksum: row.checksum,
      blob: { id: row.blob, size: row.size },
    }));
  }

  create(upload: Upload): void {
    this.insertUpload.run(
      upload.id,
      upload.bucketId,
      upload.key,
      upload.initiated.getTime(),
      JSON.stringify(upload.properties),
      JSON.stringify(upload.checksum),
      upload.initiator ?? null,
      upload.place,
    );
  }

  /** Tells the uploads of a key that its object is another one now. */
  disturb(bucketId: number, key: string): void {
    this.markDisturbed.run(bucketId, key);
  }

  /** Tells the uploads of a key that the version `null` is of a later request than those before a place. */
  overtake(bucketId: number, key: string, place: number): void {
    this.markOvertaken.run(bucketId, key, place);
  }

  /** The last place that an unfinished upload of a key has; 0 when none has one. */
  lastPlace(bucketId: number, key: string): number {
    return this.selectLastPlace.get(bucketId, key)?.place ?? 0;
  }

  /** Remembers what an upload became, for a day. Call it inside a transaction. */
  complete(
    { id, bucketId, key }: Upload,
    { versionId, eTag, time }: { versionId: string; eTag: string; time: Date },
  ): void {
    this.forgetCompleted.run(time.getTime() - DAY_MS);
    this.insertCompleted.run(id, bucketId, key, versionId, eTag, time.getTime());
  }

  completed(id: string): CompletedUploadRecord | undefined {
    const row = this.selectCompleted.get(id);
    return row && { bucketId: row.bucket, key: row.key, versionId: row.version, eTag: row.etag };
  }

  /** Adds a part, in place of one of the same number. */
  putPart(uploadId: string, part: Part): void {
    this.insertPart.run(
      uploadId,
      part.number,
      part.eTag,
      part.modified.getTime(),
      part.checksum,
      part.blob.id,
      part.blob.size,
    );
  }

  /** Deletes the records of an upload and its parts, not the parts' bytes. */
  delete(id: string): void {
    this.deleteParts.run(id);
    this.deleteUpload.run(id);
  }
}

function toUpload(row: UploadRow): Upload {
  return {
    id: row.id,
    bucketId: row.bucket,
    key: row.key,
    initiated: new Date(row.initiated),
    properties: JSON.parse(row.properties) as ObjectProperties,
    checksum: JSON.parse(row.checksum) as UploadChecksum,
    initiator: row.initiator ?? undefined,
    disturbed: row.disturbed === 1,
    place: row.place,
    overtaken: row.overtaken === 1,
  };
}
