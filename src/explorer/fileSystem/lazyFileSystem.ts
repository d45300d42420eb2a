import * as vscode from 'vscode';

/** What is done with `s3:` addresses. */
export type S3Files = Omit<Required<vscode.FileSystemProvider>, 'onDidChangeFile' | 'watch'>;

/** The `s3:` file system, whose code is loaded when an address is first asked for. */
export class LazyFileSystem implements vscode.FileSystemProvider {
  readonly #load: () => Promise<S3Files>;

  readonly onDidChangeFile;

  constructor(
    changed: Pick<vscode.EventEmitter<vscode.FileChangeEvent[]>, 'event'>,
    load: () => Promise<S3Files>,
  ) {
    this.onDidChangeFile = changed.event;
    this.#load = load;
  }

  /** S3 has no way to wait for changes; the views' refresh asks again. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(...args: Parameters<S3Files['stat']>): Promise<vscode.FileStat> {
    return (await this.#load()).stat(...args);
  }

  async readDirectory(
    ...args: Parameters<S3Files['readDirectory']>
  ): Promise<[string, vscode.FileType][]> {
    return (await this.#load()).readDirectory(...args);
  }

  async readFile(...args: Parameters<S3Files['readFile']>): Promise<Uint8Array> {
    return (await this.#load()).readFile(...args);
  }

  async writeFile(...args: Parameters<S3Files['writeFile']>): Promise<void> {
    await (await this.#load()).writeFile(...args);
  }

  async createDirectory(...args: Parameters<S3Files['createDirectory']>): Promise<void> {
    await (await this.#load()).createDirectory(...args);
  }

  async delete(...args: Parameters<S3Files['delete']>): Promise<void> {
    await (await this.#load()).delete(...args);
  }

  async rename(...args: Parameters<S3Files['rename']>): Promise<void> {
    await (await this.#load()).rename(...args);
  }

  async copy(...args: Parameters<S3Files['copy']>): Promise<void> {
    await (await this.#load()).copy(...args);
  }
}
