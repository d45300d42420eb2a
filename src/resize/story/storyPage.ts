import { setTimeout as delay } from 'node:timers/promises';
import { l10n, ThemeIcon, type WebviewPanel } from 'vscode';
import { lastSegment } from '../../aws/keySegments.ts';
import { isCancelled } from '../../aws/errors.ts';
import { isDeployedFor } from '../../aws/notifications/bucketFunction.ts';
import type { StoryFacts, UploadProgress } from '../../aws/objectStory/facts.ts';
import { refreshFacts, noFacts } from '../../aws/objectStory/readStory.ts';
import { buildStory } from '../../aws/objectStory/buildStory.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import { describeError } from '../../vscode/describeError.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { readKept, type KeptPlace } from '../../vscode/keptPlace.ts';
import { openPage, type OpenPage } from '../../vscode/page.ts';
import { openUrl } from '../../vscode/openUrl.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { sessionOf, type Owner } from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { Resize } from '../resize.ts';
import { shownAttempts, storyModel, type ShownStory } from './storyModel.ts';
import { stepLink } from './stepLink.ts';
import { STORY_VIEW } from './viewType.ts';

/** Milliseconds between two looks at first, and at most: an account's CloudWatch Logs is shared. */
const FIRST_WAIT_MS = 1_500;
const LONGEST_WAIT_MS = 10_000;
/** Between two looks at an upload of this window, for which nothing is asked of AWS. */
const UPLOAD_WAIT_MS = 500;

/** Opens the page of an object's story, or brings it to the front, and follows the object. */
export function openStory(
  resize: Resize,
  owner: Owner,
  place: ObjectLocation,
  panel?: WebviewPanel,
): void {
  new StoryPage(resize, owner, { bucket: place.bucket, key: place.key }).open(panel);
}

/** Follows an object again whose page VS Code has kept over a restart. */
export function restoreStory(resize: Resize, panel: WebviewPanel, state: unknown): void {
  const { owner, place } = readKept(state) ?? {};
  if (owner === undefined || place?.key === undefined) panel.dispose();
  else openStory(resize, owner, { ...place, key: place.key }, panel);
}

class StoryPage {
  readonly #resize: Resize;
  readonly #owner: Owner;
  readonly #object: ObjectLocation;
  #shown: ShownStory;
  #following: AbortController | undefined;
  #page: OpenPage | undefined;

  constructor(resize: Resize, owner: Owner, object: ObjectLocation) {
    this.#resize = resize;
    this.#owner = owner;
    this.#object = object;
    const facts = noFacts(object, new Date());
    const story = buildStory(facts, new Date());
    this.#shown = { facts, story, owner: owner.name, mode: 'following' };
  }

  open(panel: WebviewPanel | undefined): void {
    const key = `story ${this.#owner.key} ${formatS3Uri(this.#object)}`;
    followed.get(key)?.end();
    followed.set(key, this);
    const state: KeptPlace = { owner: this.#owner, place: this.#object };
    const page = openPage(this.#resize.context, {
      key,
      title: l10n.t('{0}: Story', visible(lastSegment(this.#object.key))),
      icon: new ThemeIcon('list-tree'),
      model: storyModel(this.#shown),
      kept: { viewType: STORY_VIEW, state },
      ...(panel && { panel }),
      onAction: id => this.#act(id),
    });
    this.#page = page;
    page.onDidDispose(() => {
      this.end();
      if (followed.get(key) === this) followed.delete(key);
    });
    void this.#follow();
  }

  /** Asks nothing more. */
  end(): void {
    this.#following?.abort();
  }

  async #follow(): Promise<void> {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    this.#show({ facts: noFacts(this.#object, new Date()), mode: 'following' });
    try {
      for (let wait = FIRST_WAIT_MS; ;) {
        await this.#look(signal);
        const { facts, story } = this.#shown;
        if (story.isOver) break;
        await delay(facts.sending ? UPLOAD_WAIT_MS : wait, undefined, { signal });
        if (!facts.sending) wait = Math.min(wait * 1.3, LONGEST_WAIT_MS);
      }
      this.#show({ mode: 'ended' });
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      if (!(error instanceof Error)) throw error;
      this.#resize.log.warn(`${formatS3Uri(this.#object)} not followed: ${errorForLog(error)}`);
      this.#show({ mode: 'broken', problem: describeError(error) });
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const session = await sessionOf(this.#resize.connections, this.#owner, signal);
    const consoleRegion = await consoleRegionOf(session, this.#object.bucket, signal);
    this.#shown = { ...this.#shown, ...(consoleRegion !== undefined && { consoleRegion }) };
    const before = await this.#whatIsSent(session);
    if (before.sending !== undefined) {
      this.showStory(before, session, signal);
      return;
    }
    const { bucket } = this.#object;
    const hashes = await bundledHashes(this.#resize);
    const question = {
      object: this.#object,
      isOurs: (details: Parameters<typeof isDeployedFor>[0] & { readonly codeSha256: string }) =>
        isDeployedFor(details, bucket) || hashes.has(details.codeSha256),
    };
    const facts = await refreshFacts(session.clients, question, before, nowOf(session), { signal });
    this.showStory(facts, session, signal);
  }

  showStory(facts: StoryFacts, session: Session, signal: AbortSignal): void {
    if (!signal.aborted) this.#show({ facts, story: buildStory(facts, nowOf(session)) });
  }

  /** The story so far with the upload that this window runs, or has just ended, if there is one. */
  async #whatIsSent(session: Session): Promise<StoryFacts> {
    const { facts } = this.#shown;
    if (facts.upload.kind !== 'unknown') return facts;
    const sending = (await runCommandFor(
      session,
      '_bucketBrigade.transfers.uploadProgress',
      this.#object,
    )) as UploadProgress | undefined;
    const { sending: earlier, ...rest } = facts;
    const isUnderWay = sending?.state === 'running' || sending?.state === 'paused';
    if (isUnderWay) return { ...rest, sending };
    if (earlier === undefined) return facts;
    // What ended before anyone looked tells nothing of the object that is there.
    if (sending?.state === 'failed' || sending?.state === 'cancelled') return { ...rest, sending };
    return { ...rest, sentAt: nowOf(session) };
  }

  #show(change: Partial<ShownStory>): void {
    const problem = change.mode === undefined ? this.#shown.problem : change.problem;
    this.#shown = { ...this.#shown, ...change, problem };
    this.#page?.update(storyModel(this.#shown));
  }

  async #act(id: string): Promise<void> {
    const [what, argument = ''] = id.split(' ');
    if (what === 'stop') {
      this.end();
      this.#show({ mode: 'stopped' });
      return;
    }
    if (what === 'again') {
      void this.#follow();
      return;
    }
    // The page may be older than the connection of now.
    const session = await sessionOf(this.#resize.connections, this.#owner);
    await this.#lead(session, what ?? '', argument);
  }

  /** Leads to what a button or link of the page names. */
  async #lead(session: Session, what: string, argument: string): Promise<void> {
    const { bucket, key } = this.#object;
    const { facts } = this.#shown;
    const open = (place: ObjectLocation) =>
      runCommandFor(session, 'bucketBrigade.explorer.openObject', place);
    if (what === 'open') await open({ bucket, key });
    const result = what === 'result' ? facts.results[Number(argument)] : undefined;
    if (result !== undefined) await open({ bucket: result.bucket, key: result.key });
    if (what === 'logs' && facts.function !== undefined) {
      const { name: functionName, region } = facts.function;
      const requestId = argument || shownAttempts(facts).at(-1)?.requestId;
      const target = { functionName, region, ...(requestId !== undefined && { requestId }) };
      await runCommandFor(session, 'bucketBrigade.resize.showLogs', target);
    }
    const step = this.#shown.story.steps.find(
      ({ kind }) => what === 'console' && kind === argument,
    );
    const link = step && stepLink(step, this.#shown.consoleRegion);
    if (link !== undefined) await openUrl(link);
    if (what === 'deploy') await runCommandFor(session, 'bucketBrigade.resize.deploy', { bucket });
    if (what === 'notify') {
      await runCommandFor(session, 'bucketBrigade.notifications.add', { bucket });
    }
  }
}

/** Where AWS's console shows a bucket; undefined where AWS does not answer, or does not say. */
async function consoleRegionOf(
  { clients }: Session,
  bucket: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (clients.endpoint !== undefined) return undefined;
  // The story itself says what is wrong with the bucket.
  return await clients.regionOfBucket(bucket, signal).catch(() => undefined);
}

/** The pages that are open, by their keys: two that follow one object would ask twice. */
const followed = new Map<string, StoryPage>();

/** Times are those of AWS's clock, as far as its answers tell it. */
function nowOf({ clients }: Session): Date {
  return new Date(Date.now() + clients.s3().config.systemClockOffset);
}
