import pLimit from 'p-limit';
import { l10n, ThemeIcon, type ExtensionContext } from 'vscode';
import {
  listUnfinishedUploads,
  listUploadedParts,
  type UnfinishedUpload,
} from '../../aws/objects/unfinishedUploads.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { openPage } from '../../vscode/page.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf, type Owner } from '../../vscode/sessionOwner.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { abortChosen, chooseUploads } from './abortUploads.ts';
import { resumeFrom } from './resumeFrom.ts';
import {
  MAX_SHOWN,
  unfinishedModel,
  type UnfinishedState,
  type UploadEntry,
} from './unfinishedModel.ts';

/** Uploads whose parts are asked for at a time. */
const MEASURED_AT_A_TIME = 8;

/** Opens the page of a bucket's unfinished uploads. */
export async function showUnfinishedUploads(
  explorer: Explorer,
  context: ExtensionContext,
  target: S3Location | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Show Incomplete Uploads');
  const { bucket } = target ?? (await askLocation(explorer, session, { title, kind: 'bucket' }));
  const page = new UnfinishedPage(explorer, context, ownerOf(session), bucket);
  await page.open(session);
}

class UnfinishedPage {
  readonly #explorer: Explorer;
  readonly #context: ExtensionContext;
  readonly #owner: Owner;
  readonly #bucket: string;
  #entries: readonly UploadEntry[] = [];
  #readAt = new Date();
  #measuring: AbortController | undefined;
  #page: ReturnType<typeof openPage> | undefined;

  constructor(explorer: Explorer, context: ExtensionContext, owner: Owner, bucket: string) {
    this.#explorer = explorer;
    this.#context = context;
    this.#owner = owner;
    this.#bucket = bucket;
  }

  async open(session: Session): Promise<void> {
    await this.#read(session);
    const page = openPage(this.#context, {
      key: `unfinished ${this.#owner.key} ${this.#bucket}`,
      title: l10n.t('{0}: Incomplete Uploads', this.#bucket),
      icon: new ThemeIcon('history'),
      model: unfinishedModel(this.#state()),
      onAction: id => this.#act(id),
    });
    this.#page = page;
    page.onDidDispose(() => this.#measuring?.abort());
    void this.#measure(session);
  }

  #state(): UnfinishedState {
    const isMeasuring = this.#measuring !== undefined;
    const { name: owner } = this.#owner;
    return {
      ...{ bucket: this.#bucket, owner, readAt: this.#readAt, isMeasuring },
      entries: this.#entries,
    };
  }

  #show(): void {
    this.#page?.update(unfinishedModel(this.#state()));
  }

  /** The page may be older than the connection of now. */
  async #act(id: string): Promise<void> {
    const session = await sessionOf(this.#explorer.connections, this.#owner);
    const [what, uploadId] = id.split(' ');
    const entry = this.#entries.find(({ upload }) => upload.uploadId === uploadId);
    const idle = this.#entries.filter(({ isWorking }) => !isWorking);
    if (what === 'resume' && entry) await this.#resume(session, entry);
    if (what === 'abort' && entry) await abortChosen(this.#explorer, session, [entry]);
    if (what === 'abortAll') await abortChosen(this.#explorer, session, idle);
    if (what === 'abortSeveral') {
      await abortChosen(this.#explorer, session, await chooseUploads(this.#entries));
    }
    await this.#read(session);
    this.#show();
    void this.#measure(session);
  }

  /** A task continues all that it was to do, anything else with this one file. */
  async #resume(session: Session, entry: UploadEntry): Promise<void> {
    if (entry.task === undefined) await resumeFrom(this.#explorer, session, entry);
    else await this.#explorer.worker.resume(session, entry.task);
  }

  async #read(session: Session): Promise<void> {
    const { uploads, worker } = this.#explorer;
    const title = l10n.t('Looking for incomplete multipart uploads in {0}', this.#bucket);
    const found = await withCancellableProgress({ title }, async (signal, report) => {
      const all: UnfinishedUpload[] = [];
      const client = await session.clients.s3ForBucket(this.#bucket, signal);
      for await (const page of listUnfinishedUploads(client, this.#bucket, { signal })) {
        all.push(...page);
        report({ message: formatCount(all.length) });
      }
      return all;
    });
    const earlier = new Map(this.#entries.map(entry => [entry.upload.uploadId, entry]));
    const ofTasks = await worker.uploads();
    this.#readAt = new Date();
    this.#entries = found.map(upload => {
      const { bytes, activeAt = upload.initiated } = earlier.get(upload.uploadId) ?? {};
      const task = ofTasks.get(upload.uploadId);
      const known = uploads.find(upload.uploadId) ?? { isWorking: false };
      return {
        ...{ upload, bytes, activeAt, ...known },
        ...(task && { isWorking: task.isRunning || known.isWorking, task: task.taskId }),
        ...(task?.source !== undefined && { source: task.source }),
      };
    });
  }

  /** Sizes come in while the page is looked at: each is a request, or several. */
  async #measure({ clients }: Session): Promise<void> {
    this.#measuring?.abort();
    this.#measuring = new AbortController();
    const { signal } = this.#measuring;
    // Without it, nothing below could be asked either.
    const client = await clients.s3ForBucket(this.#bucket, signal).catch(() => undefined);
    const shown = this.#entries.slice(0, MAX_SHOWN);
    let drawn = Date.now();
    await pLimit(MEASURED_AT_A_TIME).map(shown, async entry => {
      if (!client || signal.aborted || (entry.bytes !== undefined && !entry.isWorking)) return;
      const { upload } = entry;
      // A caller who may not list parts, or comes too late, sees no size.
      const listed = await listUploadedParts(client, upload, { signal }).catch(() => undefined);
      const bytes = listed?.parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
      if (bytes === undefined) return;
      const times = (listed?.parts ?? []).map(({ LastModified }) => LastModified?.getTime() ?? 0);
      const newest = Math.max(entry.activeAt?.getTime() ?? 0, ...times);
      const measured = { bytes, ...(newest > 0 && { activeAt: new Date(newest) }) };
      this.#entries = this.#entries.map(one =>
        one.upload === upload ? { ...one, ...measured } : one,
      );
      if (Date.now() - drawn < 300) return;
      drawn = Date.now();
      this.#show();
    });
    // A newer reading of the list measures for itself.
    if (signal.aborted) return;
    this.#measuring = undefined;
    this.#show();
  }
}
