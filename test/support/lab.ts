// `npm run lab`: the lab's tasks in a real VS Code on a sandbox of their own.
import { join } from 'node:path';
import { buildWhenStale } from './build.ts';
import { runHostTests } from './hostTests.ts';
import { ROOT } from './paths.ts';
import { findVsCode } from './vsCode.ts';

await buildWhenStale();
const files = [join(ROOT, 'test', 'lab', 'lab.test.ts')];
const vsCode = await findVsCode();
console.log(vsCode.label);
const { passed, failed } = await runHostTests(vsCode, {
  files,
  name: 'lab',
  // The tasks print what they saw; of the runner's own lines only failures matter.
  print: text => {
    if (!text.startsWith('  ✓')) console.log(text);
  },
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
