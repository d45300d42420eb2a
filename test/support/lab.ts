// `npm run lab`: the lab's tasks in a real VS Code on a sandbox of their own; with `--profile NAME`, on an
// AWS account.
import { join } from 'node:path';
import { buildWhenStale } from './build.ts';
import { runHostTests } from './hostTests.ts';
import { ROOT } from './paths.ts';
import { findVsCode } from './vsCode.ts';

const args = process.argv.slice(3);
await buildWhenStale();
process.exitCode = args.length > 0 ? await onAccount() : await onSandbox();

async function onAccount(): Promise<number> {
  const { accountLab } = await import('../lab/account/accountLab.ts');
  return await accountLab(args);
}

async function onSandbox(): Promise<number> {
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
  return failed === 0 && passed > 0 ? 0 : 1;
}
