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
let tasks = 0;
const { passed, failed } = await runHostTests(vsCode, {
  files,
  name: 'lab',
  // The tasks print what they saw; of the runner's own lines only failures matter.
  print: text => {
    if (!text.startsWith('  ✓')) console.log(text);
    else if (/the lab task \d:/.test(text)) tasks++;
  },
});
// Half a task is not counted as one.
const half = passed > tasks ? '; of task 5, the upload passed' : '';
console.log(`${tasks} passed, ${failed} failed${half}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
