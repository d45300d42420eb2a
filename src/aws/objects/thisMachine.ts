import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Tells this machine from others that leave things in the same place: process ids mean something only
 * here. WSL and some containers have the name of their host, and processes of their own.
 */
export const THIS_MACHINE = createHash('sha256')
  .update([hostname(), process.platform, processNamespace()].join('\n'))
  .digest('hex')
  .slice(0, 8);

/**
 * What is worked on is younger, as far as can be known of another machine, whose processes can't be
 * asked for. Milliseconds.
 */
export const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/** Empty but on Linux (pid_namespaces(7)). */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
