// Reads two manifests as the extension does, in a process of its own whose memory is measured:
// a short one, so that everything is loaded, then the long one. Its argument is the sandbox as JSON.
import { S3Client } from '@aws-sdk/client-s3';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import type { Target } from './signedRequest.ts';

const [target = '', bucket = '', shortKey = '', longKey = ''] = process.argv.slice(2);
const { endpoint, region, ...credentials } = JSON.parse(target) as Target;
const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });

await readManifest(client, { bucket, key: shortKey });
const before = process.memoryUsage.rss();
const start = performance.now();
const { rows } = await readManifest(client, { bucket, key: longKey });
const seconds = (performance.now() - start) / 1000;
const growthMb = process.resourceUsage().maxRSS / 1024 - before / 1024 ** 2;
process.stdout.write(JSON.stringify({ rows, seconds, growthMb }));
