import { spawn, type ChildProcess } from 'node:child_process';

/** Milliseconds that a program has to end by itself before it is killed. */
const KILL_AFTER_MS = 2_000;

/**
 * Gives a child process and its pipes a listener for errors. Without one, a write to a program that has
 * just ended (EPIPE) ends this process: the extension host, with every extension in it.
 *
 * @param onError also told of them, each time
 */
export function guardChild<T extends ChildProcess>(
  child: T,
  onError: (error: Error) => void = () => undefined,
): T {
  for (const emitter of [child, child.stdin, child.stdout, child.stderr]) {
    emitter?.on('error', onError);
  }
  return child;
}

/** What `endTree` needs a child to be started with: on POSIX, a group of its own. */
export const TREE_OPTIONS = { detached: process.platform !== 'win32', windowsHide: true } as const;

/** Ends a child that was started with `TREE_OPTIONS`, and what it started. Never throws. */
export function endTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    guardChild(spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true }));
    return;
  }
  if (signalGroup(pid, 'SIGTERM')) setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS);
}

/** Ends it at once, for when this process itself ends. Never throws. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') child.kill('SIGKILL');
  else signalGroup(child.pid, 'SIGKILL');
}

/** @returns whether there is somebody left in the group */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
