// Opens a report as the extension does, in a process of its own whose memory is measured: a short one, so
// that everything is loaded, then the long one. Its arguments: the sandbox as JSON, the bucket, a folder.
import { createClients } from '../../src/aws/clients.ts';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { indexReport } from '../../src/aws/report/indexReport.ts';
import { queryReport } from '../../src/aws/report/queryReport.ts';
import { readRows } from '../../src/aws/report/readRows.ts';
import type { Target } from './signedRequest.ts';

const [target = '', bucket = '', root = ''] = process.argv.slice(2);
const { endpoint, region, ...credentials } = JSON.parse(target) as Target;
const identity = { accountId: '123456789012', partition: 'aws' };
const clients = createClients({ endpoint, region, credentials }, identity);

/** Milliseconds of work, of all threads. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Milliseconds of work until the first page, and seconds until all is there. */
async function open(jobId: string) {
  const folder = `${root}/${jobId}`;
  const start = process.cpuUsage();
  const began = performance.now();
  const report = await findReport(clients.s3(), { bucket, jobId });
  let first: Promise<number> | undefined;
  const { rows } = await indexReport(
    clients,
    { report, folder },
    {
      onProgress: () => {
        first ??= readRows({ folder, from: 0, count: 100 }).then(() => cpuMs(start));
      },
    },
  );
  return { folder, rows, first: (await first) ?? 0, seconds: (performance.now() - began) / 1000 };
}

await open('short');
const before = process.memoryUsage.rss();
const { folder, rows, first, seconds } = await open('long');
const growthMb = process.resourceUsage().maxRSS / 1024 - before / 1024 ** 2;
const started = performance.now();
const found = await queryReport({ folder, query: { text: 'small 99' } });
const search = performance.now() - started;
const paging = performance.now();
await readRows({ folder, from: Math.floor(rows / 2), count: 100 });
const page = performance.now() - paging;
clients.destroy();
process.stdout.write(JSON.stringify({ rows, first, seconds, growthMb, search, page, found }));
