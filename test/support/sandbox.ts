// `npm run sandbox -- --port 0 --data DIR [--lab]`: the sandbox alone, from its bundle.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './build.ts';
import { ROOT } from './paths.ts';

await buildWhenStale();
const program = join(ROOT, 'dist', 'sandbox.js');
// The sandbox reads the arguments that follow its own name, as if it had been started directly.
process.argv.splice(1, 2, program);
await import(pathToFileURL(program).href);
