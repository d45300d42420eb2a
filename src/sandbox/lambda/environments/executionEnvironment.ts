import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TREE_OPTIONS, guardChild } from '../../../system/childProcess.ts';
import type { EnvironmentLog } from './environmentLog.ts';
import { OutputFrames, OutputLines } from './outputFrames.ts';
import type { ProcessGuardian } from './processGuardian.ts';
import { ProcessMark } from './processMark.ts';
import { MEMORY_INTERVAL_MS, readProcessMemory } from './processMemory.ts';
import { RuntimeApi } from './runtimeApi.ts';
import type { RuntimeMessage, Work } from './runtimeApi.ts';
import { killStrays } from './strayProcesses.ts';

/** How a phase, of initialization or of an invocation, ended. */
export type PhaseEnd =
  | RuntimeMessage
  | { readonly kind: 'timeout' }
  /** It died while it was idle: the invocation has not begun. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'outOfMemory' }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: NodeJS.Signals | null };

export interface ProcessInput {
  readonly bootstrap: string;
  readonly flags: readonly string[];
  readonly codeFolder: string;
  readonly temporaryFolder: string;
  /** MB: more kills it. */
  readonly memorySize: number;
  readonly log: EnvironmentLog;
  readonly guardian: ProcessGuardian;
  /** The variables, given the address of the Runtime API. */
  readonly variables: (runtimeApi: string) => Record<string, string>;
}

const MIB = 1024 * 1024;
/** Milliseconds that output of an answered invocation is waited for. */
const OUTPUT_GRACE_MS = 1000;

/** One process that runs a function, for one invocation at a time. */
export class ExecutionEnvironment {
  private readonly input: ProcessInput;
  private readonly mark = new ProcessMark();
  private readonly api = new RuntimeApi(message => {
    // It may have answered before the kill came, and is killed all the same.
    if (!this.killed) this.settle(message);
  });
  private child: ChildProcess | undefined;
  private phase: ((end: PhaseEnd) => void) | undefined;
  /** What came while nobody waited: the runtime is ready before the next invocation is there. */
  private early: PhaseEnd | undefined;
  private outOfMemory = false;
  private peak = 0;
  private looking: NodeJS.Timeout | undefined;
  private exited = false;
  private killed = false;
  private awaitedMark: { readonly requestId: string; readonly seen: () => void } | undefined;
  private marks = new Set<string>();
  onExit: () => void = () => undefined;

  constructor(input: ProcessInput) {
    this.input = input;
  }

  /** The most memory that it has used, in MB. */
  get maxMemoryUsed(): number {
    return Math.max(1, Math.ceil(this.peak / MIB));
  }

  get alive(): boolean {
    return !this.exited;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the process and waits until the runtime asks for work, or does not. */
  async init(limitMs: number): Promise<PhaseEnd> {
    const address = await this.api.listen();
    const end = this.awaitPhase(limitMs);
    try {
      this.start(address);
    } catch {
      // No more processes or files: the run fails as one whose process ended at once.
      this.end(null, null);
    }
    return end;
  }

  /**
   * Runs an invocation. The runtime is ready: `init` or `ready` has said so.
   * @param onBegun called when the runtime has been given the work, before it can write anything
   */
  async invoke(work: Work, limitMs: number, onBegun: () => void): Promise<PhaseEnd> {
    if (!this.api.give(work)) return { kind: 'gone' };
    onBegun();
    const ended = await this.awaitPhase(limitMs);
    if (ended.kind === 'response' || ended.kind === 'error' || ended.kind === 'tooLarge') {
      await this.outputOf(work.requestId);
    }
    // Between two looks it may have used more; elsewhere than on Linux a look takes too long.
    if (process.platform === 'linux') await this.measure();
    return ended;
  }

  /** Waits until the runtime asks for the next invocation; anything else is the end of it. */
  async ready(limitMs: number): Promise<boolean> {
    return (await this.awaitPhase(limitMs)).kind === 'ready';
  }

  /** Kills the process and all that it has started. */
  kill(): void {
    const { child } = this;
    if (child?.pid === undefined || this.exited) return;
    this.killed = true;
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  private start(address: string): void {
    const { bootstrap, flags, codeFolder, temporaryFolder, variables, guardian } = this.input;
    mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
    const [program, args] = this.mark.wrap(process.execPath, [...flags, bootstrap]);
    const child = guardChild(
      spawn(program, args, {
        // A group of its own, so that what it starts can be killed with it. See ProcessGuardian.
        ...TREE_OPTIONS,
        cwd: codeFolder,
        env: variables(address),
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      }),
    );
    this.child = child;
    if (child.pid !== undefined) guardian.add(child.pid, this.mark);
    this.readOutput(child);
    child.once('error', () => this.end(null, null));
    // `close` comes when its output was read too, and not at all while a grandchild holds a pipe.
    child.once('exit', (code, signal) => {
      setImmediate(() => this.end(code, signal));
    });
    this.watchMemory();
  }

  private readOutput(child: ChildProcess): void {
    const { log } = this.input;
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new OutputLines();
      stream?.on('data', (chunk: Buffer) => {
        for (const line of lines.push(chunk)) log.writeOutput(line);
      });
      stream?.once('end', () => {
        for (const line of lines.end()) log.writeOutput(line);
      });
    }
    const frames = new OutputFrames();
    const telemetry = child.stdio[3] as Readable | null;
    telemetry?.on('error', () => undefined);
    telemetry?.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) {
        if (frame.kind === 'record') log.writeOutput(frame.text);
        else this.seeMark(frame.requestId);
      }
    });
  }

  private seeMark(requestId: string): void {
    if (this.awaitedMark?.requestId === requestId) this.awaitedMark.seen();
    else this.marks = new Set([requestId]);
  }

  /** Waits until what the invocation wrote before its answer was read: it goes another way. */
  private async outputOf(requestId: string): Promise<void> {
    if (!this.marks.delete(requestId) && !this.exited) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, OUTPUT_GRACE_MS);
        const seen = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.awaitedMark = { requestId, seen };
      });
      this.awaitedMark = undefined;
    }
    // One more turn for what stands in the pipes of standard output.
    await new Promise(resolve => setImmediate(resolve));
  }

  private awaitPhase(limitMs: number): Promise<PhaseEnd> {
    const { early } = this;
    this.early = undefined;
    if (early !== undefined) return Promise.resolve(early);
    if (this.exited) return Promise.resolve({ kind: 'exit', code: null, signal: null });
    return new Promise(resolve => {
      const timer = setTimeout(() => this.settle({ kind: 'timeout' }), limitMs);
      this.phase = end => {
        clearTimeout(timer);
        this.phase = undefined;
        resolve(end);
      };
      this.watchMemory();
    });
  }

  private settle(end: PhaseEnd): void {
    if (this.phase) this.phase(end);
    else this.early = end;
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.exited) return;
    // What it started, in its group or in one of its own, goes with it.
    this.kill();
    killStrays(this.input.temporaryFolder, this.mark);
    this.exited = true;
    clearTimeout(this.looking);
    const { child, input } = this;
    if (child?.pid !== undefined) input.guardian.remove(child.pid, this.mark);
    this.api.close();
    this.settle(this.outOfMemory ? { kind: 'outOfMemory' } : { kind: 'exit', code, signal });
    rm(input.temporaryFolder, { recursive: true, force: true, maxRetries: 3 }).catch(
      () => undefined,
    );
    this.onExit();
  }

  /** Looks at its memory from time to time: often while it works. */
  private watchMemory(): void {
    clearTimeout(this.looking);
    if (this.exited) return;
    const interval = this.phase === undefined ? MEMORY_INTERVAL_MS * 20 : MEMORY_INTERVAL_MS;
    this.looking = setTimeout(() => {
      void this.measure().then(() => this.watchMemory());
    }, interval).unref();
  }

  private async measure(): Promise<void> {
    const limit = this.input.memorySize * MIB;
    const memory = this.pid === undefined ? undefined : await readProcessMemory(this.pid);
    if (memory === undefined) return;
    this.peak = Math.min(Math.max(this.peak, memory.peak), limit);
    if (memory.now <= limit || this.exited) return;
    this.outOfMemory = true;
    this.kill();
  }
}
