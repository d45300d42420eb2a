import type { BucketSummary, ObjectSummary } from '../aws/objects/listing.ts';
import type { BucketNotification } from '../aws/notifications/notification.ts';
import type { ObjectTag, S3Location } from '../commands.ts';

/** A bucket, or a prefix that was added by its S3 URI and stands at the top like a bucket. */
export interface BucketRow {
  readonly kind: 'bucket';
  readonly id: string;
  readonly parent?: undefined;
  readonly bucket: string;
  /** The prefix of a pinned `s3://bucket/prefix/`. */
  readonly key?: string;
  /** Added by name: remembered for the account, and can be removed from the list. */
  readonly pinned: boolean;
  /** What listing the buckets said about it; absent where it is only known by name. */
  readonly summary?: BucketSummary;
}

export interface PrefixRow {
  readonly kind: 'prefix';
  readonly id: string;
  readonly parent: FolderRow;
  readonly bucket: string;
  readonly key: string;
}

export interface ObjectRow {
  readonly kind: 'object';
  readonly id: string;
  readonly parent: FolderRow;
  readonly bucket: string;
  readonly key: string;
  readonly summary: ObjectSummary;
}

export interface TagRow {
  readonly kind: 'tag';
  readonly id: string;
  readonly parent: ObjectRow;
  readonly bucket: string;
  readonly key: string;
  readonly tag: ObjectTag;
}

/** Stands first below a bucket; what the bucket notifies is below it. */
export interface NotificationsRow {
  readonly kind: 'notifications';
  readonly id: string;
  readonly parent: BucketRow;
  readonly bucket: string;
}

/** An entry of a bucket's event notifications, with those that differ from it by their filters only. */
export interface NotificationRow {
  readonly kind: 'notification';
  readonly id: string;
  readonly parent: NotificationsRow;
  readonly bucket: string;
  readonly notificationIds: readonly string[];
  readonly notifications: readonly [BucketNotification, ...BucketNotification[]];
  /** The function that it should invoke was deleted. */
  readonly isDead: boolean;
  /** Taken out of the bucket's configuration and remembered here, to be put back. */
  readonly disabled: boolean;
}

/** Says that a bucket sends its events to Amazon EventBridge. */
export interface EventBridgeRow {
  readonly kind: 'eventBridge';
  readonly id: string;
  readonly parent: NotificationsRow;
  readonly bucket: string;
}

/** Says that there is nothing below its parent. */
export interface EmptyRow {
  readonly kind: 'empty';
  readonly id: string;
  readonly parent: ParentRow;
  readonly bucket: string;
  readonly key?: string;
}

export interface MoreRow {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: FolderRow;
  readonly bucket: string;
  readonly key?: string;
  /** How many rows of the parent are shown so far. */
  readonly loaded: number;
}

/** What went wrong below its parent, or at the top; a click tries again. */
export interface ErrorRow {
  readonly kind: 'error';
  readonly id: string;
  readonly parent?: ParentRow;
  readonly error: unknown;
  /** What was being done: opening the session, listing the buckets, a first page, a later page. */
  readonly doing: 'connect' | 'listBuckets' | 'read' | 'readMore';
}

export type FolderRow = BucketRow | PrefixRow;
/** What is in S3; the rest says something about it. */
export type LocationRow = FolderRow | ObjectRow;
export type ParentRow = LocationRow | NotificationsRow;
export type Row =
  ParentRow | TagRow | NotificationRow | EventBridgeRow | EmptyRow | MoreRow | ErrorRow;

export function isFolder(row: Row): row is FolderRow {
  return row.kind === 'bucket' || row.kind === 'prefix';
}

/** Whether a row is a bucket, a prefix or an object. */
export function isLocation(row: Row): row is LocationRow {
  return isFolder(row) || row.kind === 'object';
}

/** Whether a row can be expanded. */
export function isParent(row: Row): row is ParentRow {
  return isLocation(row) || row.kind === 'notifications';
}

/** The prefix that a bucket or prefix row lists; empty for a whole bucket. */
export function prefixOf(row: FolderRow): string {
  return row.key ?? '';
}

/** The row at the top that a row stands under. */
export function topOf(row: ParentRow): BucketRow {
  let at: ParentRow = row;
  while (at.kind !== 'bucket') at = at.parent;
  return at;
}

export function prefixRow(parent: FolderRow, key: string): PrefixRow {
  const id = `${topOf(parent).id}|prefix|${key}`;
  return { kind: 'prefix', id, parent, bucket: parent.bucket, key };
}

export function objectRow(parent: FolderRow, summary: ObjectSummary): ObjectRow {
  const id = `${topOf(parent).id}|object|${summary.key}`;
  return { kind: 'object', id, parent, bucket: parent.bucket, key: summary.key, summary };
}

/** The rows below an object: its tags, or one that says it has none. */
export function tagRows(parent: ObjectRow, tags: readonly ObjectTag[]): (TagRow | EmptyRow)[] {
  const { bucket, key } = parent;
  if (tags.length === 0) return [{ kind: 'empty', id: `${parent.id}|none`, parent, bucket, key }];
  return tags.map(tag => ({
    kind: 'tag',
    id: `${parent.id}|tag|${tag.key}`,
    parent,
    bucket,
    key,
    tag,
  }));
}

/** The row for what a bucket notifies; a pinned prefix has none, for only buckets notify. */
export function notificationsRow(parent: FolderRow): NotificationsRow | undefined {
  if (parent.kind !== 'bucket' || parent.key !== undefined) return undefined;
  const id = `${parent.id}|notifications|`;
  return { kind: 'notifications', id, parent, bucket: parent.bucket };
}

/** Whether a row below a bucket's notifications names a function, or doesn't tell. */
export function mayNameFunction(row: Row): boolean {
  if (row.kind === 'notification') return row.notifications[0].destination.kind === 'lambda';
  return row.kind === 'error';
}

/** Whether a row came with a command; other callers give plain locations. */
export function isRow(target: S3Location): target is Exclude<Row, ErrorRow> {
  return 'kind' in target;
}

/** Whether a location means one object and not everything below a prefix. */
export function isObject(target: S3Location): target is S3Location & { key: string } {
  if (target.key === undefined || target.key === '') return false;
  if (isRow(target)) return target.kind === 'object' || target.kind === 'tag';
  return !target.key.endsWith('/');
}
