import { setTimeout as sleep } from 'node:timers/promises';
import { l10n, ProgressLocation, TabInputText, window, type Uri } from 'vscode';
import type { Tail } from '../../aws/parts/tail.ts';
import type { Session } from '../../services.ts';
import { signalOf } from '../../vscode/cancellation.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { runAndShow } from '../../vscode/registerCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { PartialObject, PartHost } from './partDocument.ts';
import { revealEnd, tailText, TAIL_BYTES } from './tailDocument.ts';

/** Milliseconds between two looks; doubled up to the longest while nothing changes. */
const PAUSE = 1000;
const LONGEST_PAUSE = 10_000;
/** Bytes of the end that are kept, so that a log that grows for days does not fill memory. */
const MAX_BYTES = 4 * 1024 ** 2;

/** The end of an object as it grows, in a document. */
export class Following {
  readonly #host: PartHost;
  readonly #session: Session;
  readonly #object: PartialObject;
  readonly #uri: Uri;
  readonly #closed = new AbortController();
  #tail: Tail;

  constructor(
    host: PartHost,
    session: Session,
    object: PartialObject,
    { uri, tail }: { readonly uri: Uri; readonly tail: Tail },
  ) {
    this.#host = host;
    this.#session = session;
    this.#object = object;
    this.#uri = uri;
    this.#tail = tail;
  }

  /** Looks again and again until the document is closed, Cancel is pressed or a look fails. */
  async run(title: string): Promise<void> {
    using listeners = new DisposableStore();
    listeners.add(
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some(({ input }) => this.#isOurs(input))) this.#closed.abort();
      }),
    );
    const location = ProgressLocation.Notification;
    const options = { location, title: neutralizeLinks(title), cancellable: true };
    await window.withProgress(options, async (progress, token) => {
      const signal = AbortSignal.any([this.#closed.signal, signalOf(token)]);
      progress.report({ message: l10n.t('To stop, cancel or close the editor.') });
      await runAndShow('follow the end of an object', async () => {
        await this.#follow(signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
      });
    });
  }

  #isOurs(input: unknown): boolean {
    return input instanceof TabInputText && input.uri.toString() === this.#uri.toString();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let pause = PAUSE;
    for (;;) {
      await sleep(pause, undefined, { signal });
      const hasChanged = await this.#look(signal);
      pause = hasChanged ? PAUSE : Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  /** @returns whether there was something new */
  async #look(signal: AbortSignal): Promise<boolean> {
    const { readMore } = await import('../../aws/parts/tail.ts');
    const { connections } = this.#host.explorer;
    // The credentials may be new by now; of another account it is not read.
    const { clients } = await sessionOf(connections, ownerOf(this.#session), signal);
    const client = await clients.s3ForBucket(this.#object.bucket, signal);
    const more = await readMore(client, this.#object, this.#tail, TAIL_BYTES, { signal });
    if (!more) return false;
    this.#tail = shortened(more.tail);
    const text = await tailText(this.#tail, this.#object);
    const isOpen = await this.#host.documents.replace(this.#uri, text);
    if (isOpen) revealEnd(this.#uri);
    else this.#closed.abort();
    return true;
  }
}

function shortened(tail: Tail): Tail {
  const excess = tail.bytes.length - MAX_BYTES;
  if (excess <= 0) return tail;
  return { ...tail, bytes: tail.bytes.subarray(excess), offset: tail.offset + excess };
}
