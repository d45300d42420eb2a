import type { Memento, Uri } from 'vscode';
import type { Services, Session } from '../services.ts';
import type { Owned, S3Location } from '../commands.ts';
import { titleWithOwner } from '../vscode/ownerLabel.ts';
import { sessionForTarget } from '../vscode/sessionOwner.ts';
import type { PickS3Options } from '../vscode/pickS3Location.ts';
import type { BucketsTree } from './tree/bucketsTree.ts';
import type { PinnedBuckets } from './tree/pinnedBuckets.ts';
import type { TransferList } from './transferList/transferList.ts';
import type { OpenedFolders } from './fileSystem/openedFolders.ts';
import type { UnfinishedUploads } from './fileSystem/unfinishedUploads.ts';
import { isLocation, isRow } from './tree/rows.ts';

/** What the commands of the Buckets view work with. */
export interface Explorer extends Pick<Services, 'connections' | 'log' | 'worker'> {
  readonly tree: BucketsTree;
  readonly pins: PinnedBuckets;
  readonly uploads: UnfinishedUploads;
  /** Running and finished transfers; `trackBatch` puts one on it. */
  readonly transfers: TransferList;
  /** A folder of the extension's own, for all windows. */
  readonly storage: string;
  /** What VS Code keeps for all windows. */
  readonly memory: Memento;
  /** Notes that the user opened an `s3:` address from one of our views, so that it may be read. */
  readonly admit: (session: Session, uri: Uri) => Promise<void>;
  /** The same of a folder of the workspace, over a reload too, and of all that is in it. */
  readonly admitFolder: (session: Session, uri: Uri) => Promise<void>;
  /** The folder of the workspace that an address is already; see `OpenedFolders.folderOf`. */
  readonly folderOf: OpenedFolders['folderOf'];
}

/**
 * The session that a command acts with: that of the row or location it was called on, the default one
 * when it was called on nothing.
 *
 * @throws BrigadeError `NoConnection` …; OtherConnection when the row's connection isn't open any more
 */
export async function sessionFor(
  { connections }: Explorer,
  target: Owned | undefined,
  signal?: AbortSignal,
): Promise<Session> {
  return await sessionForTarget(connections, target, signal);
}

/** `Session.key` where it has to be said with an `s3:` address: several connections are open. */
export function namedFor({ connections }: Explorer, { key }: Session): string | undefined {
  return connections.opened.length > 1 ? key : undefined;
}

/** Lets the user choose what a command was not given, the buckets added by name among the rest. */
export async function askLocation(
  { pins }: Explorer,
  session: Session,
  options: PickS3Options,
): Promise<S3Location> {
  const moreBuckets = pins.list(session).map(pin => pin.bucket);
  const { pickS3Location } = await import('../vscode/pickS3Location.ts');
  return await pickS3Location(session.clients, {
    ...options,
    title: titleWithOwner(session, options.title),
    moreBuckets,
  });
}

/**
 * What a command for several works on: the selected rows, the one it was called on, or what `ask`
 * finds out. Rows that only stand among them, such as "Load more", do not count, nor do tags and
 * notifications.
 */
export async function targetsOrAsk(
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
  ask: () => Promise<S3Location>,
): Promise<readonly S3Location[]> {
  const chosen = selection?.length ? selection : [target ?? (await ask())];
  return chosen.filter(location => !isRow(location) || isLocation(location));
}

/** The one object a command works on: the one it was called on, or the one the user chooses. */
export async function objectOrAsk(
  explorer: Explorer,
  session: Session,
  target: S3Location | undefined,
  title: string,
): Promise<{ bucket: string; key: string }> {
  if (target?.key) return { bucket: target.bucket, key: target.key };
  const from = target && { from: target };
  const { bucket, key } = await askLocation(explorer, session, { title, kind: 'object', ...from });
  if (!key) throw new Error('An object was chosen without a key');
  return { bucket, key };
}
