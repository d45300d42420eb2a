import { mkdir, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { renameFile } from '../system/renameFile.ts';
import { FaultWatch, type RequestedFaults } from './faultWatch.ts';
import {
  SandboxStartError,
  failureOf,
  startSandboxProcess,
  type SandboxAddress,
  type SandboxFailure,
  type SandboxProcess,
} from './sandboxProcess.ts';
import { isProcessAlive, readSandboxRecord, type SandboxRecord } from './sandboxRecord.ts';

export type SandboxState = 'stopped' | 'starting' | 'running';

export interface LocalSandboxOptions {
  readonly program: string;
  readonly dataDir: string;
  /** Read at every start, so that a changed setting counts from the next one. */
  readonly settings: () => { readonly port: number; readonly taskDelay: number };
  readonly lab: boolean;
  /** Milliseconds a start may take; the first one makes the lab's images. */
  readonly timeoutMs?: number;
  /** Milliseconds to wait for the address of a sandbox that another window is just starting. */
  readonly rivalPatience?: number;
  /** Asks the sandbox at this address who we are; resolves to the account id. */
  readonly identify: (address: SandboxAddress) => Promise<string>;
  readonly onLog: (line: string) => void;
  readonly onDidChangeState: (state: SandboxState) => void;
  readonly onDidChangeFaults?: () => void;
}

/**
 * The sandbox of this user, shared by all windows. The window that needs it first starts it; others
 * find it by the record in the data folder. When it dies, whoever needs it next starts it again on
 * the same data.
 */
export class LocalSandbox {
  readonly #options: LocalSandboxOptions;
  #state: SandboxState = 'stopped';
  #starting: Promise<SandboxAddress> | undefined;
  #own: SandboxProcess | undefined;
  #other: SandboxRecord | undefined;
  #stoppedByUser = false;
  #unusable = false;
  readonly #faults: FaultWatch;

  constructor(options: LocalSandboxOptions) {
    this.#options = options;
    this.#faults = new FaultWatch(options.dataDir, () => options.onDidChangeFaults?.());
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  /** The port it is to take; `0` for the one of last time, or any. */
  get port(): number {
    return this.#options.settings().port;
  }

  /** Whether the last start failed because of what is in the data folder. */
  get folderUnusable(): boolean {
    return this.#unusable;
  }

  get state(): SandboxState {
    if (this.#state === 'running' && !this.address) this.#setState('stopped');
    return this.#state;
  }

  /** Where it answers, or undefined while it does not run. */
  get address(): SandboxAddress | undefined {
    if (this.#own) return this.#own.address;
    if (this.#other && !isProcessAlive(this.#other.pid)) this.#other = undefined;
    return this.#other?.address;
  }

  /** What somebody has asked to go wrong in it; undefined while nothing is, or it does not run. */
  get faults(): RequestedFaults | undefined {
    return this.#faults.current;
  }

  /**
   * Starts the sandbox on demand, but not against the user's will.
   *
   * @throws SandboxStartError `stopped` after `stop()` until `start()`.
   */
  async use(): Promise<SandboxAddress> {
    if (this.#stoppedByUser) throw new SandboxStartError('stopped', 'Stopped by the user');
    return await this.start();
  }

  /**
   * Starts the sandbox unless it runs.
   *
   * @throws SandboxStartError
   */
  async start(): Promise<SandboxAddress> {
    this.#stoppedByUser = false;
    const { address } = this;
    if (address) return address;
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return await this.#starting;
  }

  /** Lets `use()` start it again after a stop. */
  allowUse(): void {
    this.#stoppedByUser = false;
  }

  /** Stops the sandbox, even one that another window started. What it stores stays. */
  async stop(): Promise<void> {
    this.#stoppedByUser = true;
    await this.#starting?.catch(() => undefined);
    const own = this.#own;
    // Asked again who it is: since it was found it may have ended, and its process id be another's.
    const other = own ? undefined : await this.#findOther();
    this.#own = undefined;
    this.#other = undefined;
    if (own) await own.stop();
    else if (other) await stopProcess(other.pid);
    this.#setState('stopped');
  }

  /** Stops the sandbox and deletes everything in it. */
  async reset(): Promise<void> {
    await this.stop();
    try {
      await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      throw fileError(error);
    }
  }

  /**
   * Stops the sandbox and renames its folder, so that the next start makes a new one.
   *
   * @returns where the old folder is now
   */
  async setAside(): Promise<string> {
    await this.stop();
    const aside = await freeName(`${this.dataDir}-${new Date().toISOString().slice(0, 10)}`);
    await renameFile(this.dataDir, aside).catch((error: unknown) => {
      throw fileError(error);
    });
    this.#unusable = false;
    return aside;
  }

  /** For the end of the window: does not wait. */
  dispose(): void {
    this.#faults.stop();
    void this.#own?.stop();
    this.#own = undefined;
  }

  async #start(): Promise<SandboxAddress> {
    this.#setState('starting');
    try {
      const address = await this.#attachOrSpawn();
      this.#unusable = false;
      this.#setState('running');
      return address;
    } catch (error) {
      this.#unusable = error instanceof SandboxStartError && FOLDER_FAULTS.has(error.failure);
      this.#setState('stopped');
      throw error;
    }
  }

  async #attachOrSpawn(): Promise<SandboxAddress> {
    await mkdir(this.dataDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw fileError(error);
    });
    const found = await this.#attach();
    if (found) return found;
    try {
      return await this.#spawn();
    } catch (error) {
      if (!(error instanceof SandboxStartError) || error.failure !== 'inUse') throw error;
      return await this.#attachToRival(error);
    }
  }

  /** Another window was quicker by a moment and has not written its record yet. */
  async #attachToRival(error: SandboxStartError): Promise<SandboxAddress> {
    const end = Date.now() + (this.#options.rivalPatience ?? 20_000);
    while (Date.now() < end) {
      const found = await this.#attach();
      if (found) return found;
      await sleep(250);
    }
    throw error;
  }

  async #attach(): Promise<SandboxAddress | undefined> {
    this.#other = await this.#findOther();
    return this.#other?.address;
  }

  /** A sandbox that serves our folder and knows the keys in it; process ids are used again. */
  async #findOther(): Promise<SandboxRecord | undefined> {
    const record = await readSandboxRecord(this.dataDir);
    if (!record || !isProcessAlive(record.pid)) return undefined;
    try {
      const account = await this.#options.identify(record.address);
      return account === record.address.accountId ? record : undefined;
    } catch {
      return undefined;
    }
  }

  async #spawn(): Promise<SandboxAddress> {
    const { program, dataDir, lab, timeoutMs = 30_000, onLog, settings } = this.#options;
    const own = await startSandboxProcess({
      ...{ program, dataDir, lab, timeoutMs, onLog },
      ...settings(),
    });
    this.#own = own;
    void own.exited.then(() => this.#onExit(own));
    return own.address;
  }

  #onExit(process: SandboxProcess): void {
    if (this.#own !== process) return;
    this.#own = undefined;
    this.#options.onLog('The sandbox has ended unexpectedly; the next use starts it again.');
    this.#setState('stopped');
  }

  #setState(state: SandboxState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'running') this.#faults.start();
    else this.#faults.stop();
    this.#options.onDidChangeState(state);
  }
}

/** What no other setting and no free space helps against. */
const FOLDER_FAULTS: ReadonlySet<SandboxFailure> = new Set([
  'newerFolder',
  'damagedFolder',
  'foreignFolder',
]);

/** The name, with a number where it is taken. */
async function freeName(name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    const taken = await stat(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}

function fileError(error: unknown): SandboxStartError {
  const said = error instanceof Error ? error.message : String(error);
  const failure = failureOf(said);
  return new SandboxStartError(failure === 'crashed' ? 'dataFolder' : failure, said);
}

async function stopProcess(pid: number, patience = 5000): Promise<void> {
  const kill = (signal: NodeJS.Signals): void => {
    if (isProcessAlive(pid)) process.kill(pid, signal);
  };
  kill('SIGTERM');
  const end = Date.now() + patience;
  while (isProcessAlive(pid)) {
    if (Date.now() > end) kill('SIGKILL');
    await sleep(50);
  }
}
