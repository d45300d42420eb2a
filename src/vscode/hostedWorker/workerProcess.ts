import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guardChild } from '../../system/childProcess.ts';
import type { FromWorker, ToWorker } from '../../worker/protocol.ts';

export interface WorkerProcessOptions {
  /** `dist/worker.js`. */
  readonly program: string;
  /** The folder of the journal. */
  readonly root: string;
  /** Variables besides those of ours that are passed on. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onMessage: (message: FromWorker) => void;
  /** The process is gone, however it went. */
  readonly onExit: (why: string) => void;
  readonly onLog: (line: string) => void;
}

/** What a program needs to find files, trust servers and start at all; compared in upper case. */
const PASSED_ON = new Set([
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'LANGUAGE', 'TZ', 'LD_LIBRARY_PATH'],
  ...['USERPROFILE', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
]);

/**
 * Pages of keys are garbage a moment after they came, and by its defaults V8 lets a few hundred megabytes
 * of them lie. Measured: a third of the memory for a quarter more work.
 */
const SMALL_HEAP = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

/** A worker process. It ends with this one: its channel is closed then. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  constructor({ program, root, env, onMessage, onExit, onLog }: WorkerProcessOptions) {
    const child = fork(program, [root], {
      env: { ...environment(), ...env },
      execArgv: SMALL_HEAP,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = guardChild(child);
    this.#child.on('message', message => onMessage(message as FromWorker));
    this.#child.once('error', error => onExit(error.message));
    this.#child.once('exit', (code, signal) => onExit(signal ?? `exit code ${code ?? '?'}`));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLog);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** A worker that is gone hears nothing: `onExit` tells. */
  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Ends it. What it was doing is in the journal. */
  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill();
  }
}

/** Nothing of ours but these names: credentials come by messages, and settings with them. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => PASSED_ON.has(name.toUpperCase()) || name.startsWith('LC_'),
  );
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
