import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { guardChild } from '../../../system/childProcess.ts';
import type { ProcessMark } from './processMark.ts';

/**
 * Reads `+pid limit|limit` and `-pid limit|limit`, and when its input ends, which it does however the
 * sandbox ends, kills the process groups that are left, and where /proc shows them, all processes that
 * have the marker in their environment or one of the limits for core dumps (ProcessMark).
 */
const SCRIPT = `
trap '' INT TERM HUP
groups=' '
marks=' '
while read -r change mark; do
  pid=\${change#?}
  case $change in
    +*) groups="$groups$pid "; marks="$marks$mark " ;;
    -*)
      groups="\${groups%% $pid *} \${groups#* $pid }"
      marks="\${marks%% $mark *} \${marks#* $mark }"
      ;;
  esac
done
for pid in $groups; do kill -9 "-$pid"; done
limits=none
for mark in $marks; do limits="$limits|$mark"; done
for round in 1 2 3; do
  for file in $(grep -lsF -- "$1" /proc/[0-9]*/environ) \
    $(grep -lsE "^Max core file size +[^ ]+ +($limits) " /proc/[0-9]*/limits); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/*}"
  done
done
`;

/**
 * Sees to it that functions die with the sandbox, even of a SIGKILL: one that waits notices it by
 * itself, one that computes without end can't. A shell, because it costs a megabyte; Windows needs none,
 * as there Node puts children into a job that ends with the parent.
 */
export class ProcessGuardian {
  private readonly marker: string;
  private shell: ChildProcess | undefined;

  /** @param marker text that all environments of this sandbox's functions hold, and no others */
  constructor(marker: string) {
    this.marker = marker;
  }

  add(pid: number, mark: ProcessMark): void {
    if (process.platform === 'win32') return;
    this.shell ??= this.begin();
    this.shell.stdin?.write(`+${pid} ${mark.limits.join('|')}\n`);
  }

  remove(pid: number, mark: ProcessMark): void {
    this.shell?.stdin?.write(`-${pid} ${mark.limits.join('|')}\n`);
  }

  stop(): void {
    this.shell?.stdin?.end();
    this.shell = undefined;
  }

  private begin(): ChildProcess {
    // Without a shell functions run all the same.
    const shell = guardChild(
      spawn('/bin/sh', ['-c', SCRIPT, 'guardian', this.marker], {
        stdio: ['pipe', 'ignore', 'ignore'],
        env: {},
        // Not in the group that Ctrl+C in a terminal reaches.
        detached: true,
      }),
    );
    shell.unref();
    return shell;
  }
}
