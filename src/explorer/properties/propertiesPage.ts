import { env, l10n, ThemeIcon, type ExtensionContext, type WebviewPanel } from 'vscode';
import { objectUrl } from '../../aws/links/objectUrl.ts';
import { formatS3Uri, objectArn } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { BulkWorker, Session } from '../../services.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { readKept, type KeptPlace } from '../../vscode/keptPlace.ts';
import { log } from '../../vscode/log.ts';
import { openPage } from '../../vscode/page.ts';
import type { Block, PageModel } from '../../vscode/page/protocol.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf, type Owner } from '../../vscode/sessionOwner.ts';
import type { Explorer } from '../explorer.ts';
import { changeStorageClassOf } from './changeStorageClass.ts';
import { editMetadataOf } from './editMetadata.ts';
import { editTagsOf } from '../tags/tagCommands.ts';
import { propertiesModel, titleOf, unreadModel } from './propertiesModel.ts';
import { PROPERTIES_VIEW } from './viewType.ts';

/** What pages are opened with. */
export interface PageHost {
  readonly explorer: Explorer;
  readonly context: ExtensionContext;
  readonly worker: BulkWorker;
}

/** What names an object or bucket elsewhere. */
interface Names {
  readonly uri: string;
  readonly arn: string;
  readonly url: string;
}

/** Opens the page of an object or bucket, or brings it to the front with what is so now. */
export async function openProperties(
  host: PageHost,
  session: Session,
  place: S3Location,
): Promise<void> {
  const names = await namesOf(session, place);
  const model = await readModel(session, place, names);
  openWith(host, ownerOf(session), place, { model, names });
}

/**
 * Fills a page again that VS Code has kept over a restart, with what is so now; where its connection is
 * not open, it says so and can be tried again.
 */
export async function restoreProperties(
  host: PageHost,
  panel: WebviewPanel,
  state: unknown,
): Promise<void> {
  const kept = readKept(state);
  if (!kept) {
    panel.dispose();
    return;
  }
  const { owner, place } = kept;
  try {
    const session = await sessionOf(host.explorer.connections, owner);
    const names = await namesOf(session, place);
    const model = await readModel(session, place, names);
    openWith(host, owner, place, { model, names, panel });
  } catch (error) {
    log.warn(`A page of properties was not read again: ${errorForLog(error)}`);
    openWith(host, owner, place, { model: unreadModel(owner.name, place, error), panel });
  }
}

interface Shown {
  readonly model: PageModel;
  /** Known once its connection has answered. */
  readonly names?: Names;
  readonly panel?: WebviewPanel;
}

function openWith(host: PageHost, owner: Owner, place: S3Location, shown: Shown): void {
  let { names } = shown;
  const { model, panel } = shown;
  const page = openPage(host.context, {
    key: `properties ${owner.key} ${formatS3Uri(place)}`,
    title: l10n.t('{0}: Properties', titleOf(place)),
    icon: new ThemeIcon('info'),
    model,
    kept: { viewType: PROPERTIES_VIEW, state: { owner, place } satisfies KeptPlace },
    ...(panel && { panel }),
    onAction: async id => {
      const copied = COPIES[id];
      if (copied && names) {
        await env.clipboard.writeText(copied(names));
        return;
      }
      // The page may be older than the connection of now.
      const now = await sessionOf(host.explorer.connections, owner);
      if (place.key !== undefined && id in EDITS) {
        await EDITS[id]?.(host, now, { bucket: place.bucket, key: place.key });
      }
      names ??= await namesOf(now, place);
      page.update(await readModel(now, place, names));
    },
  });
}

const COPIES: Readonly<Record<string, (names: Names) => string>> = {
  copyUri: ({ uri }) => uri,
  copyArn: ({ arn }) => arn,
  copyUrl: ({ url }) => url,
};

type Edit = (
  host: PageHost,
  session: Session,
  object: { readonly bucket: string; readonly key: string },
) => Promise<void>;

const EDITS: Readonly<Record<string, Edit>> = {
  editTags: ({ explorer }, session, object) => editTagsOf(explorer, session, [object]),
  editMetadata: ({ explorer }, session, object) => editMetadataOf(explorer, session, [object]),
  changeClass: (host, session, object) => changeStorageClassOf(host, session, [object]),
};

async function namesOf({ clients }: Session, { bucket, key }: S3Location): Promise<Names> {
  const { partition, endpoint } = clients;
  const region = await clients.regionOfBucket(bucket);
  return {
    uri: formatS3Uri({ bucket, key }),
    arn: objectArn(partition, bucket, key),
    url: objectUrl({ bucket, key, region, partition, endpoint }),
  };
}

async function readModel(session: Session, place: S3Location, names: Names): Promise<PageModel> {
  const title = l10n.t('Reading the properties of {0}', names.uri);
  const blocks = await withCancellableProgress({ title }, signal =>
    readBlocks(session, place, names, signal),
  );
  return propertiesModel({ place, owner: ownerOf(session).name, readAt: new Date(), blocks });
}

async function readBlocks(
  { clients }: Session,
  { bucket, key }: S3Location,
  names: Names,
  signal: AbortSignal,
): Promise<Block[]> {
  if (key === undefined) {
    const { readBucketProperties } = await import('../../aws/properties/bucketProperties.ts');
    const { bucketBlocks } = await import('./bucketModel.ts');
    return bucketBlocks(await readBucketProperties(clients, bucket, { signal }), names);
  }
  const { readObjectProperties } = await import('../../aws/properties/objectProperties.ts');
  const { objectBlocks } = await import('./objectModel.ts');
  const client = await clients.s3ForBucket(bucket, signal);
  return objectBlocks(await readObjectProperties(client, { bucket, key }, { signal }), names);
}
