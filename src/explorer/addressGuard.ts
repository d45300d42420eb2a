import { setTimeout as delay } from 'node:timers/promises';
import { FileSystemError, l10n, window, workspace, type Memento, type Uri } from 'vscode';
import type { Connections, Session } from '../services.ts';
import { ownerOf } from '../vscode/sessionOwner.ts';
import { visible } from '../vscode/visibleText.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';

/** What was allowed in this workspace: a bucket, for a connection and account. */
interface Allowed {
  readonly connectionId: string;
  /** `Session.key`. */
  readonly key: string;
  readonly bucket: string;
}

const ALLOWED = 'explorer.allowedBuckets';
/** Milliseconds in which further buckets join a question: a workspace may have many folders. */
const GATHERING = 300;

/**
 * Decides who may read an `s3:` address, before anything is sent. A workspace can name any: as a
 * folder, a link, a setting, an editor that is restored. What the user opened from our views is read.
 * Anything else is not read at all in a workspace that isn't trusted; in one that is, the user is
 * asked once for each bucket and account.
 */
export class AddressGuard {
  readonly #connections: Connections;
  readonly #memory: Memento;
  readonly #connected: () => Session | undefined;
  /** Addresses that were opened from a view, with the keys of the sessions they were opened with. */
  readonly #opened = new Map<string, Set<string>>();
  readonly #denied = new Set<string>();
  #question: Question | undefined;

  /**
   * @param memory of the workspace
   * @param connected the session that is open, if one is; it is not opened to ask
   */
  constructor(connections: Connections, memory: Memento, connected: () => Session | undefined) {
    this.#connections = connections;
    this.#memory = memory;
    this.#connected = connected;
  }

  /** Notes that the user opened an address from one of our views. */
  admit(session: Session, uri: Uri): void {
    const name = uri.toString();
    const keys = this.#opened.get(name) ?? new Set();
    this.#opened.set(name, keys.add(session.key));
    if (workspace.isTrusted) void this.#allow(session, uri.authority);
  }

  /**
   * The session to reach an address with.
   *
   * @throws FileSystemError `NoPermissions` where it may not be read; else what `session` throws
   */
  async session(uri: Uri): Promise<Session> {
    const opened = this.#opened.get(uri.toString());
    if (opened) {
      const session = await this.#connections.session();
      if (opened.has(session.key)) return session;
    }
    if (!workspace.isTrusted) throw notTrusted(uri);
    return await this.#sessionFor(uri.authority);
  }

  async #sessionFor(bucket: string): Promise<Session> {
    const { current } = this.#connections;
    // Says that none is chosen.
    if (!current) return await this.#connections.session();
    const known = this.#allowed().filter(
      one => one.connectionId === current.id && one.bucket === bucket,
    );
    const connected = known.length > 0 ? await this.#connections.session() : this.#connected();
    if (connected && known.some(({ key }) => key === connected.key)) return connected;
    await this.#ask(bucket, current.id, connected);
    const session = await this.#connections.session();
    if (connected ? session.key !== connected.key : session.connection.id !== current.id) {
      throw notAllowed([bucket]);
    }
    await this.#allow(session, bucket);
    return session;
  }

  /** Nothing has been sent yet, so the account is named only where it is known already. */
  async #ask(bucket: string, connectionId: string, connected: Session | undefined): Promise<void> {
    const who = connected?.key ?? connectionId;
    if (this.#denied.has(`${who} ${bucket}`)) throw notAllowed([bucket]);
    const open = this.#question;
    const joined =
      open && open.who === who && (!open.isShown || open.buckets.has(bucket))
        ? open
        : (this.#question = this.#newQuestion(who, connected, open));
    joined.buckets.add(bucket);
    if (await joined.answer) return;
    this.#denied.add(`${who} ${bucket}`);
    throw notAllowed([...joined.buckets]);
  }

  #newQuestion(
    who: string,
    connected: Session | undefined,
    before: Question | undefined,
  ): Question {
    const name = connected ? ownerOf(connected).name : this.#connections.current?.label;
    const question: Question = {
      who,
      buckets: new Set(),
      isShown: false,
      answer: Promise.resolve(false),
    };
    question.answer = (async () => {
      await Promise.all([before?.answer, delay(GATHERING)]);
      question.isShown = true;
      const isAllowed = await askFor([...question.buckets], name ?? '');
      if (this.#question === question) this.#question = undefined;
      return isAllowed;
    })();
    return question;
  }

  #allowed(): readonly Allowed[] {
    return this.#memory.get<readonly Allowed[]>(ALLOWED) ?? [];
  }

  async #allow({ key, connection }: Session, bucket: string): Promise<void> {
    this.#denied.delete(`${key} ${bucket}`);
    this.#denied.delete(`${connection.id} ${bucket}`);
    const allowed = this.#allowed();
    if (allowed.some(one => one.key === key && one.bucket === bucket)) return;
    await this.#memory.update(ALLOWED, [...allowed, { connectionId: connection.id, key, bucket }]);
  }
}

/** One question, however many calls wait for its answer. */
interface Question {
  readonly who: string;
  readonly buckets: Set<string>;
  isShown: boolean;
  answer: Promise<boolean>;
}

async function askFor(buckets: readonly string[], name: string): Promise<boolean> {
  const allow = l10n.t('Allow');
  const text = l10n.t(
    'Something in this workspace wants to read {0} with {1}. It was not opened from the Buckets view.',
    buckets.map(bucket => `s3://${visible(bucket)}`).join(', '),
    name,
  );
  const answer = await window.showWarningMessage(withoutLinks(text), allow, l10n.t('Don’t Allow'));
  return answer === allow;
}

function notTrusted(uri: Uri): FileSystemError {
  return FileSystemError.NoPermissions(
    l10n.t(
      'This workspace is not trusted, so {0} was not read. Open it from the Buckets view.',
      visible(uri.toString(true)),
    ),
  );
}

function notAllowed(buckets: readonly string[]): FileSystemError {
  return FileSystemError.NoPermissions(
    l10n.t(
      'Reading {0} was not allowed. Open the object from the Buckets view.',
      buckets.map(bucket => `s3://${visible(bucket)}`).join(', '),
    ),
  );
}
