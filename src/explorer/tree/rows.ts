import type { BucketSummary, ObjectSummary } from '../../aws/objects/listing.ts';
import type { VersionSummary } from '../../aws/objects/versions/listVersions.ts';
import type { BucketNotification } from '../../aws/notifications/notification.ts';
import type { ObjectTag, S3Location } from '../../commands.ts';

/** Stands at the top when several connections are open: what it can reach is below it. */
export interface ConnectionRow {
  readonly kind: 'connection';
  readonly id: string;
  readonly parent?: undefined;
  readonly connectionId: string;
}

/** A bucket, or a prefix that was added by its S3 URI and stands at the top like a bucket. */
export interface BucketRow {
  readonly kind: 'bucket';
  readonly id: string;
  /** Where several connections are open. */
  readonly parent?: ConnectionRow;
  readonly session: string;
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
  readonly session: string;
  readonly bucket: string;
  readonly key: string;
}

export interface ObjectRow {
  readonly kind: 'object';
  readonly id: string;
  readonly parent: FolderRow;
  readonly session: string;
  readonly bucket: string;
  readonly key: string;
  readonly summary: ObjectSummary;
}

/** A key whose newest version is a delete marker; its versions are below it. */
export interface DeletedRow {
  readonly kind: 'deleted';
  readonly id: string;
  readonly parent: FolderRow;
  readonly session: string;
  readonly bucket: string;
  readonly key: string;
  /** Of the delete marker. */
  readonly summary: VersionSummary;
}

/** A version of an object, or a delete marker. */
export interface VersionRow {
  readonly kind: 'version';
  readonly id: string;
  readonly parent: ObjectRow | DeletedRow;
  readonly session: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly summary: VersionSummary;
}

export interface TagRow {
  readonly kind: 'tag';
  readonly id: string;
  readonly parent: ObjectRow;
  readonly session: string;
  readonly bucket: string;
  readonly key: string;
  readonly tag: ObjectTag;
}

/** Stands first below a bucket; what the bucket notifies is below it. */
export interface NotificationsRow {
  readonly kind: 'notifications';
  readonly id: string;
  readonly parent: BucketRow;
  readonly session: string;
  readonly bucket: string;
}

/** An entry of a bucket's event notifications, with those that differ from it by their filters only. */
export interface NotificationRow {
  readonly kind: 'notification';
  readonly id: string;
  readonly parent: NotificationsRow;
  readonly session: string;
  readonly bucket: string;
  readonly notificationIds: readonly string[];
  readonly notifications: readonly [BucketNotification, ...BucketNotification[]];
  /** Which objects and events it is for, in a line, and the events with their codes. */
  readonly texts: { readonly summary: string; readonly events: string };
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
  readonly session: string;
  readonly bucket: string;
}

/** Says that there is nothing below its parent. */
export interface EmptyRow {
  readonly kind: 'empty';
  readonly id: string;
  readonly parent: ParentRow;
  readonly session: string;
  readonly bucket: string;
  readonly key?: string;
  /** What its parent is filtered by. */
  readonly beginsWith?: string;
}

/** Says that a connection reaches no bucket. */
export interface NoBucketsRow {
  readonly kind: 'noBuckets';
  readonly id: string;
  readonly parent: ConnectionRow;
}

export interface MoreRow {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: PagedRow;
  readonly session: string;
  readonly bucket: string;
  readonly key?: string;
  /** How many rows of the parent are shown so far. */
  readonly loaded: number;
  /** They are sorted among themselves: what is not loaded may belong between them. */
  readonly isSorted?: boolean;
}

/** What went wrong below its parent, or at the top; a click tries again. */
export interface ErrorRow {
  readonly kind: 'error';
  readonly id: string;
  readonly parent?: ParentRow | ConnectionRow;
  /** Of the connection whose session or buckets it is about. */
  readonly connectionId?: string;
  readonly error: unknown;
  /** What was being done: opening the session, listing the buckets, a first page, a later page. */
  readonly doing: 'connect' | 'listBuckets' | 'read' | 'readMore';
}

export type FolderRow = BucketRow | PrefixRow;
/** What is in S3; the rest says something about it. */
export type LocationRow = FolderRow | ObjectRow;
/** What has so much below it that it is read page by page. */
export type PagedRow = LocationRow | DeletedRow;
export type ParentRow = PagedRow | NotificationsRow;
export type Row =
  | ConnectionRow
  | ParentRow
  | TagRow
  | VersionRow
  | NotificationRow
  | EventBridgeRow
  | EmptyRow
  | NoBucketsRow
  | MoreRow
  | ErrorRow;

export function isFolder(row: Row): row is FolderRow {
  return row.kind === 'bucket' || row.kind === 'prefix';
}

/** Whether a row is a bucket, a prefix or an object. */
export function isLocation(row: Row): row is LocationRow {
  return isFolder(row) || row.kind === 'object';
}

/** Whether what is below a row may be read page by page. */
export function isPaged(row: Row): row is PagedRow {
  return isLocation(row) || row.kind === 'deleted';
}

/** Whether a row can be expanded. */
export function isParent(row: Row): row is ParentRow {
  return isPaged(row) || row.kind === 'notifications';
}

/** The prefix that a bucket or prefix row lists; empty for a whole bucket. */
export function prefixOf(row: FolderRow): string {
  return row.key ?? '';
}

/** The bucket's row, or that of a pinned prefix, that a row stands under. */
export function topOf(row: ParentRow): BucketRow {
  let at: ParentRow = row;
  while (at.kind !== 'bucket') at = at.parent;
  return at;
}

/** `Session.key` where it has to be said with an address of the row: several connections are open. */
export function namedSession(row: LocationRow | VersionRow): string | undefined {
  return topOf(row.kind === 'version' ? row.parent : row).parent && row.session;
}

export function prefixRow(parent: FolderRow, key: string): PrefixRow {
  const id = `${topOf(parent).id}|prefix|${key}`;
  return { kind: 'prefix', id, parent, session: parent.session, bucket: parent.bucket, key };
}

export function objectRow(parent: FolderRow, summary: ObjectSummary): ObjectRow {
  const id = `${topOf(parent).id}|object|${summary.key}`;
  const { session, bucket } = parent;
  return { kind: 'object', id, parent, session, bucket, key: summary.key, summary };
}

const FOUND = 'found|';

/** A row of what a search found: it looks like one of the tree, but stands in a list of its own. */
export function foundRow(row: ObjectRow): ObjectRow {
  return { ...row, id: FOUND + row.id };
}

export function isFoundRow({ id }: Row): boolean {
  return id.startsWith(FOUND);
}

/** What a listing with versions shows of a key: the object, or that it is deleted. */
export function newestRow(parent: FolderRow, newest: VersionSummary): ObjectRow | DeletedRow {
  if (!newest.isDeleteMarker) return objectRow(parent, newest);
  const { key } = newest;
  const id = `${topOf(parent).id}|deleted|${key}`;
  const { session, bucket } = parent;
  return { kind: 'deleted', id, parent, session, bucket, key, summary: newest };
}

export function versionRow(parent: ObjectRow | DeletedRow, summary: VersionSummary): VersionRow {
  const { session, bucket, key } = parent;
  const { versionId } = summary;
  const id = `${parent.id}|version|${versionId}`;
  return { kind: 'version', id, parent, session, bucket, key, versionId, summary };
}

/** The rows below an object: its tags, or one that says it has none. */
export function tagRows(parent: ObjectRow, tags: readonly ObjectTag[]): (TagRow | EmptyRow)[] {
  const { session, bucket, key } = parent;
  const below = { parent, session, bucket, key };
  if (tags.length === 0) return [{ kind: 'empty', id: `${parent.id}|none`, ...below }];
  return tags.map(tag => ({
    kind: 'tag',
    id: `${parent.id}|tag|${tag.key}`,
    ...below,
    tag,
  }));
}

/** The row for what a bucket notifies; a pinned prefix has none, for only buckets notify. */
export function notificationsRow(parent: PagedRow): NotificationsRow | undefined {
  if (parent.kind !== 'bucket' || parent.key !== undefined) return undefined;
  const id = `${parent.id}|notifications|`;
  return { kind: 'notifications', id, parent, session: parent.session, bucket: parent.bucket };
}

/** Whether a row below a bucket's notifications names a function, or doesn't tell. */
export function mayNameFunction(row: Row): boolean {
  if (row.kind === 'notification') return row.notifications[0].destination.kind === 'lambda';
  return row.kind === 'error';
}

/** Whether a row came with a command; other callers give plain locations. */
export function isRow(
  target: S3Location,
): target is Exclude<Row, ErrorRow | ConnectionRow | NoBucketsRow> {
  return 'kind' in target;
}

/** Whether a location means one object and not everything below a prefix. */
export function isObject(target: S3Location): target is S3Location & { key: string } {
  if (target.key === undefined || target.key === '') return false;
  if (isRow(target)) return target.kind === 'object' || target.kind === 'tag';
  return !target.key.endsWith('/');
}

/** A key directly below the parent of a prefix, so that the parent is the innermost that lists it. */
export function parentKey(row: FolderRow): string {
  return row.parent && row.parent.kind !== 'connection' ? prefixOf(row.parent) : '';
}
