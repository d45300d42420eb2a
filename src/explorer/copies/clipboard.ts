import {
  Disposable,
  env,
  EventEmitter,
  FileDecoration,
  l10n,
  ThemeColor,
  window,
  type Uri,
} from 'vscode';
import type { CopySource } from '../../aws/copies/orders.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Connections, Session } from '../../services.ts';
import { connectionIdOf } from '../../vscode/sessionOwner.ts';
import { folderResource, objectResource, sessionOfResource } from '../fileSystem/s3Resource.ts';
import { originOf, type Origin } from './reach.ts';

/** What was cut or copied, of one connection. */
export interface Clip extends Origin {
  readonly isCut: boolean;
  readonly sources: readonly CopySource[];
}

/**
 * Objects on the clipboard: their S3 URIs as text, which any program can paste, and beside it what they
 * are, as long as the clipboard has that text. What was cut looks cut until it is pasted.
 */
export class CopyClipboard implements Disposable {
  readonly #connections: Connections;
  #clip: (Clip & { readonly text: string }) | undefined;
  #cut: CutMarks | undefined;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Puts objects on the clipboard in the place of what was there. */
  async put(session: Session, sources: readonly CopySource[], isCut: boolean): Promise<void> {
    const text = sources.map(formatS3Uri).join('\n');
    await env.clipboard.writeText(text);
    this.#clip = { text, isCut, sources, ...originOf(session) };
    if (isCut) this.#cut ??= new CutMarks(this.#connections);
    this.#cut?.mark(session.key, isCut ? sources : []);
  }

  /** What is on it: what was put last, or a text that someone else has put there. */
  async read(): Promise<{ readonly clip?: Clip; readonly text: string }> {
    const text = await env.clipboard.readText();
    return this.#clip?.text === text ? { clip: this.#clip, text } : { text };
  }

  /** What was cut can be pasted once. */
  forgetCut(): void {
    if (!this.#clip?.isCut) return;
    this.#clip = undefined;
    this.#cut?.mark('', []);
  }

  dispose(): void {
    this.#cut?.dispose();
  }
}

/**
 * Has rows look cut, wherever they are shown: by addresses that say whose they are, as rows have them
 * while several connections are open, and by bare ones while their connection is the only one.
 */
class CutMarks implements Disposable {
  readonly #connections: Connections;
  readonly #changed = new EventEmitter<Uri[]>();
  readonly #disposables: Disposable;
  #owner = '';
  #marked: ReadonlyMap<string, Uri> = new Map();

  constructor(connections: Connections) {
    this.#connections = connections;
    this.#disposables = Disposable.from(
      window.registerFileDecorationProvider({
        onDidChangeFileDecorations: this.#changed.event,
        provideFileDecoration: uri => (this.#isMarked(uri) ? cutDecoration() : undefined),
      }),
      connections.onDidChangeAny(() => this.#changed.fire([...this.#marked.values()])),
      this.#changed,
    );
  }

  mark(owner: string, sources: readonly CopySource[]): void {
    const before = this.#marked;
    const uris = sources.flatMap(({ bucket, key, isPrefix }) => {
      const resource = isPrefix ? folderResource : objectResource;
      return [resource(bucket, key, owner), resource(bucket, key)];
    });
    this.#owner = owner;
    this.#marked = new Map(uris.map(uri => [uri.toString(), uri]));
    this.#changed.fire([...before.values(), ...uris]);
  }

  #isMarked(uri: Uri): boolean {
    if (!this.#marked.has(uri.toString())) return false;
    const [only, another] = this.#connections.opened;
    const isOnly = another === undefined && only?.id === connectionIdOf(this.#owner);
    return sessionOfResource(uri) !== undefined || isOnly;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function cutDecoration(): FileDecoration {
  return new FileDecoration('✂', l10n.t('Cut'), new ThemeColor('disabledForeground'));
}
