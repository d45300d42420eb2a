// `npm run sandbox -- --port 0 --data DIR [--lab]`: the sandbox alone, from its bundle, in a process with
// as little of our environment as the extension gives it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sandboxEnvironment } from '../../src/connections/sandboxProcess.ts';
import { buildWhenStale } from './build.ts';
import { ROOT } from './paths.ts';

await buildWhenStale();
const args = process.argv.slice(3);
const program = join(ROOT, 'dist', 'sandbox.js');
// The pipe ends however this process ends, and the sandbox with it.
const child = spawn(process.execPath, [program, ...args, '--parent-stdin'], {
  env: sandboxEnvironment(),
  stdio: ['pipe', 'inherit', 'inherit'],
});
child.stdin.on('error', () => undefined);
if (args.includes('--parent-stdin')) process.stdin.once('end', () => child.stdin.end()).resume();
// A terminal sends Ctrl-C to the child as well; anything else is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => child.kill(signal));
}
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
