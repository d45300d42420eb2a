// `npm run release-check -- v1.2.3`: whether a tag may be released; prints `pre-release=true|false`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRelease } from './releaseRules.ts';
import { ROOT } from './paths.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const { problems, isPreRelease } = checkRelease({
  tag: process.argv[3] ?? '',
  version,
  changelog: read('CHANGELOG.md'),
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`pre-release=${String(isPreRelease)}`);
