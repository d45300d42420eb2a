// A process that loads an unpacked function as Lambda does and gives it the events it is sent.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const send = message => new Promise(resolve => process.send(message, resolve));
const errorOf = error => ({ error: { name: error.name, message: error.message } });

const start = performance.now();
let handler;
try {
  ({ handler } = await import(pathToFileURL(join(process.argv[2], 'index.mjs')).href));
  await send({ loaded: performance.now() - start });
} catch (error) {
  await send(errorOf(error));
  process.exit(1);
}

process.on('message', async ({ event, milliseconds }) => {
  const deadline = Date.now() + milliseconds;
  const context = {
    awsRequestId: '8e4e9f0c-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  const answer = await handler(event, context).then(result => ({ result }), errorOf);
  await send({ ...answer, peakKilobytes: peakKilobytes() });
});

/**
 * Not `resourceUsage().maxRSS` where there is better: Linux lets a process begin with its parent's, which
 * in a benchmark is the larger.
 */
function peakKilobytes() {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
