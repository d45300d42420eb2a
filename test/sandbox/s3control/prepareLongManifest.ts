import { cpuTime } from '../../support/cpuTime.ts';
import { JobWorld, USER } from './jobWorld.ts';
import { putObject } from '../../../src/sandbox/s3/objects/putObject.ts';

/** Prepares a job over a manifest of as many rows as the first argument says; prints what it counted. */
const rows = Number(process.argv[2]);

async function* manifest(): AsyncGenerator<Buffer> {
  for (let start = 0; start < rows; start += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) => `images,p/${start + index}%20.png\n`);
    yield await Promise.resolve(Buffer.from(lines.join('')));
  }
}

const world = new JobWorld();
try {
  const definition = await world.manifest('', { confirmationRequired: true });
  const input = { bucket: 'assets', key: 'manifest.csv', body: manifest() };
  const { eTag } = await putObject(world.services, USER, input);
  const id = world.start({ ...definition, manifest: { ...definition.manifest, eTag } });
  // How much is computed between two turns at most, in milliseconds.
  let longest = 0;
  let last = cpuTime();
  const timer = setInterval(() => {
    longest = Math.max(longest, cpuTime() - last);
    last = cpuTime();
  }, 1);
  while (!['Suspended', 'Failed'].includes(world.job(id).status)) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  clearInterval(timer);
  const { status, progress } = world.job(id);
  process.stdout.write(JSON.stringify({ status, total: progress.total, longest }));
} finally {
  await world.close();
}
