import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';

const SHELL = '/bin/sh';
/** The shells count in blocks of 512 bytes, or of 1024. */
const BLOCKS = [512, 1024];
/** Sets the mark and becomes the program: same process, same id. */
const SCRIPT = 'ulimit -S -c 0; ulimit -H -c "$0" 2>/dev/null; unset OLDPWD SHLVL; exec "$@"';

/**
 * A mark that all processes bear that a process starts, and theirs, whatever they do to get away: a
 * session of their own, another parent, an empty environment. It is an odd upper limit for core dumps, of
 * which there are none anyway: limits are inherited, and Linux shows them in /proc. Only a program that
 * lowers that very limit gets rid of it.
 */
export class ProcessMark {
  private readonly blocks = randomInt(2 ** 30, 2 ** 31);

  /** What to start, for a program that is to bear the mark. */
  wrap(program: string, args: readonly string[]): readonly [program: string, args: string[]] {
    if (process.platform !== 'linux' || !existsSync(SHELL)) return [program, [...args]];
    return [SHELL, ['-c', SCRIPT, String(this.blocks), program, ...args]];
  }

  /** The limits in bytes, either of which shows it. */
  get limits(): string[] {
    return BLOCKS.map(size => String(this.blocks * size));
  }

  /** @param limits what /proc/PID/limits holds */
  isIn(limits: string): boolean {
    const hard = /^Max core file size +\S+ +(\d+) /m.exec(limits)?.[1];
    return hard !== undefined && this.limits.includes(hard);
  }
}
