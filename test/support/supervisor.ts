// Runs a server in a process group of its own and ends the whole group when our standard input
// closes: whoever started us may be killed in any way, and no server is left behind.
import { spawn } from 'node:child_process';

const GRACE_MS = 3_000;

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function signalGroup(signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}

function stop(): void {
  signalGroup('SIGTERM');
  setTimeout(() => {
    signalGroup('SIGKILL');
    process.exit(1);
  }, GRACE_MS);
}

process.stdin.resume().on('end', stop).on('error', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
child.on('exit', code => {
  signalGroup('SIGKILL');
  process.exit(code ?? 0);
});
