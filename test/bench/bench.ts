import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureDelete } from './deleteObjects.ts';
import { measureFind } from './findByRegex.ts';
import { measureActivation } from './activation.ts';
import { measureAddingTags } from './addingTags.ts';
import { measureCharts } from './charts.ts';
import { measureColdStart } from './coldStart.ts';
import { measureFirstChart } from './firstChart.ts';
import { measureLargeObject } from './largeObject.ts';
import { measureHostBlock } from './hostBlock.ts';
import { measureLongManifest } from './longManifest.ts';
import { measureLongReport } from './longReport.ts';
import { measureMetricsPerHour } from './metricsPerHour.ts';
import { measureManifestByListing } from './manifestByListing.ts';
import { MANY_BUCKET, measureListing, putManyObjects } from './manyObjects.ts';
import { hottestFunctions } from './profile.ts';
import { findPhotographs } from './photographs.ts';
import { measureRequestRates } from './requestRates.ts';
import { measureResizedUploads } from './resizedUploads.ts';
import { measureResizeCore } from './resizeCore.ts';
import { isMet, ratioOf, toTable, type Row } from './row.ts';
import { hasBoto3, hasMoto, startMoto, startSandboxProcess, type Server } from './servers.ts';
import { measureTaggingJob } from './taggingJob.ts';
import { isInstalled } from './listingPrograms.ts';
import { measureTransfers } from './transfers.ts';
import { measureTree, seedManyKeys } from './tree.ts';
import { findVsCode } from '../support/vsCode.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OBJECTS = 100_000;
const PARTS = [
  'requests',
  'listing',
  'job',
  'tags',
  'manifest',
  'find',
  'delete',
  'report',
  'large',
  'transfers',
  'events',
  'resize',
  'cold-start',
  'activation',
  'tree',
  'host',
  'first-chart',
  'charts',
  'metrics',
] as const;
type Part = (typeof PARTS)[number];
const IN_VS_CODE: readonly Part[] = ['activation', 'tree', 'host', 'first-chart'];

interface Settings {
  readonly parts: ReadonlySet<string>;
  readonly rounds: number;
  /** How long a round of requests is. */
  readonly seconds: number;
  /** Whether also the slow sizes are measured. */
  readonly full: boolean;
  /** Milliseconds that are added to the answers that transfers get. */
  readonly latency: number;
  readonly dataDir: string;
  readonly profileDir: string | undefined;
}

/** Progress goes to stderr, so that stdout is the table or the JSON alone. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Measures what the arguments of `npm run bench` ask for and prints it. README.md explains it. */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [...PARTS] },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      latency: { type: 'string', default: '0' },
      profile: { type: 'string' },
    },
  });
  buildSandbox();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-'));
  try {
    const rows = await measure({
      parts: new Set(values.only),
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      full: values.full,
      latency: Number(values.latency),
      dataDir,
      profileDir: values.profile,
    });
    print(rows, values.json);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  if (values.profile !== undefined) await printProfiles(values.profile);
}

/** What is measured is the bundle that is shipped, built from what is in the checkout now. */
function buildSandbox(): void {
  const { status, stderr } = spawnSync(process.execPath, ['esbuild.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The sandbox could not be built:\n${stderr}`);
}

async function measure(settings: Settings): Promise<Row[]> {
  const wanted = (part: Part): boolean => settings.parts.has(part);
  const rows: Row[] = [];
  if (wanted('requests')) rows.push(...(await requests(settings)));
  if (wanted('listing') || wanted('job')) rows.push(...(await manyObjects(settings)));
  if (wanted('tags')) rows.push(...(await addingTags(settings)));
  if (wanted('manifest')) {
    rows.push(...(await longManifest(settings)), ...(await manifestByListing(settings)));
  }
  if (wanted('find')) rows.push(...(await findByRegex(settings)));
  if (wanted('delete')) rows.push(...(await deleteMany(settings)));
  if (wanted('report')) rows.push(...(await longReport(settings)));
  if (wanted('large')) rows.push(...(await largeObject(settings)));
  if (wanted('transfers')) rows.push(...(await transfers(settings)));
  if (wanted('events')) rows.push(...(await resizedUploads(settings)));
  if (wanted('resize')) rows.push(...(await resizeCore(settings)));
  if (wanted('cold-start')) rows.push(...(await coldStart(settings)));
  if (IN_VS_CODE.some(wanted)) rows.push(...(await inVsCode(settings)));
  if (wanted('charts')) {
    say('The metrics panel …');
    rows.push(...(await measureCharts(settings.rounds)));
  }
  if (wanted('metrics')) rows.push(...(await measureMetricsPerHour()));
  return rows;
}

async function requests({ dataDir, profileDir, rounds, seconds }: Settings): Promise<Row[]> {
  say('Requests per second …');
  await using sandbox = await startSandboxProcess(path.join(dataDir, 'rates'), profileDir);
  await using moto = await startMotoIfInstalled(0);
  return await measureRequestRates(sandbox, moto, { rounds, seconds });
}

/** Lists many objects and tags them by a job, in a sandbox started anew so that its peak is its own. */
async function manyObjects(settings: Settings): Promise<Row[]> {
  const folder = path.join(settings.dataDir, 'many');
  const rows: Row[] = [];
  {
    say(`Putting ${OBJECTS} objects …`);
    await using sandbox = await startSandboxProcess(folder, settings.profileDir);
    rows.push(await putManyObjects(sandbox, OBJECTS));
    if (settings.parts.has('listing')) {
      say('Listing them …');
      await using moto = await startMotoIfInstalled(OBJECTS);
      rows.push(await measureListing(sandbox, moto, OBJECTS));
    }
  }
  if (!settings.parts.has('job')) return rows;
  say('Tagging them by a job …');
  if (!hasBoto3()) say('python3 has no boto3: its column is left out.');
  await using sandbox = await startSandboxProcess(folder, settings.profileDir);
  const pooled = settings.full ? OBJECTS : OBJECTS / 10;
  rows.push(...(await measureTaggingJob(sandbox, { count: OBJECTS, pooled, rounds: 3 })));
  return rows;
}

async function addingTags({ dataDir, full, profileDir }: Settings): Promise<Row[]> {
  const count = full ? OBJECTS : OBJECTS / 10;
  say(`Adding a tag to ${count} objects …`);
  if (!hasBoto3()) say('python3 has no boto3: its column is left out.');
  await using sandbox = await startSandboxProcess(path.join(dataDir, 'tags'), profileDir);
  await putManyObjects(sandbox, count);
  return await measureAddingTags(sandbox, { count, pooled: count, rounds: full ? 1 : 3 });
}

async function longManifest({ dataDir, profileDir }: Settings): Promise<Row[]> {
  say('A long manifest …');
  await using sandbox = await startSandboxProcess(path.join(dataDir, 'manifest'), profileDir);
  return await measureLongManifest(sandbox, 1_000_000);
}

async function manifestByListing({ dataDir, full, profileDir }: Settings): Promise<Row[]> {
  const count = full ? OBJECTS * 10 : OBJECTS;
  say(`A manifest of ${count} objects …`);
  await using sandbox = await startSandboxProcess(path.join(dataDir, 'by-listing'), profileDir);
  await putManyObjects(sandbox, count);
  return await measureManifestByListing(sandbox, count);
}

async function findByRegex({ dataDir, full, profileDir }: Settings): Promise<Row[]> {
  const count = full ? OBJECTS * 10 : OBJECTS;
  say(`Finding in ${count} keys …`);
  const folder = path.join(dataDir, 'find');
  seedManyKeys(folder, count);
  await using sandbox = await startSandboxProcess(folder, profileDir);
  return await measureFind(sandbox, count);
}

async function deleteMany({ dataDir, full, profileDir }: Settings): Promise<Row[]> {
  say(`Deleting ${OBJECTS} objects …`);
  const [folder, other] = [path.join(dataDir, 'delete'), path.join(dataDir, 'delete-peer')];
  const theirs = full ? OBJECTS : OBJECTS / 10;
  seedManyKeys(folder, OBJECTS);
  seedManyKeys(other, theirs);
  await using sandbox = await startSandboxProcess(folder, profileDir);
  await using second = await startSandboxProcess(other, profileDir);
  return await measureDelete({ sandbox, count: OBJECTS }, { sandbox: second, count: theirs });
}

async function longReport({ dataDir, profileDir }: Settings): Promise<Row[]> {
  say('Opening a long report …');
  const folder = path.join(dataDir, 'report');
  await using sandbox = await startSandboxProcess(folder, profileDir);
  return await measureLongReport(sandbox, 1_000_000, folder);
}

async function largeObject({ dataDir, profileDir, full }: Settings): Promise<Row[]> {
  say('One large object …');
  await using sandbox = await startSandboxProcess(path.join(dataDir, 'large'), profileDir);
  return await measureLargeObject(sandbox, full ? 5 * 1024 : 512);
}

async function transfers(settings: Settings): Promise<Row[]> {
  const { dataDir, profileDir, full, latency, rounds } = settings;
  say(`Transfers, ${latency} ms …`);
  if (!isInstalled('rclone', 'version')) say('rclone is not installed: its column is left out.');
  const folder = path.join(dataDir, 'transfers');
  await mkdir(folder);
  await using sandbox = await startSandboxProcess(path.join(folder, 'data'), profileDir);
  const sizes = { files: 5000, large: full ? 1024 : 256, latency, rounds: Math.min(rounds, 3) };
  return await measureTransfers(sandbox, folder, sizes);
}

async function resizedUploads({ dataDir, profileDir }: Settings): Promise<Row[]> {
  say('Uploads that are resized …');
  const folder = path.join(dataDir, 'events');
  await using sandbox = await startSandboxProcess(folder, profileDir);
  return await measureResizedUploads(sandbox, folder, { count: 1000, rounds: 3 });
}

async function resizeCore({ dataDir, rounds }: Settings): Promise<Row[]> {
  say('Resizing photographs …');
  const folder = path.join(dataDir, 'resize');
  await mkdir(folder, { recursive: true });
  const photographs = await findPhotographs(folder);
  if (photographs.length > 0) return await measureResizeCore(photographs, folder, rounds);
  say('There are no photographs: name a folder of JPEG files in BUCKET_BRIGADE_PHOTOGRAPHS.');
  return [];
}

async function coldStart({ dataDir, rounds }: Settings): Promise<Row[]> {
  say('A cold start …');
  return await measureColdStart(path.join(dataDir, 'cold-start'), rounds * 2);
}

async function inVsCode({ parts, dataDir, rounds }: Settings): Promise<Row[]> {
  const vsCode = await findVsCode();
  say(`In ${vsCode.label}:`);
  const rows: Row[] = [];
  if (parts.has('activation')) {
    say('Activation …');
    rows.push(...(await measureActivation(vsCode, dataDir, rounds)));
  }
  if (parts.has('tree')) {
    say('The tree …');
    rows.push(...(await measureTree(vsCode, dataDir, { count: 1_000_000, rounds: 3 })));
  }
  if (parts.has('host')) {
    say('The extension host …');
    rows.push(...(await measureHostBlock(vsCode, dataDir, { count: 200_000, rounds: 3 })));
  }
  if (parts.has('first-chart')) {
    say('The first chart …');
    rows.push(...(await measureFirstChart(vsCode, dataDir, rounds)));
  }
  return rows;
}

async function startMotoIfInstalled(keys: number): Promise<Server | undefined> {
  if (hasMoto()) return await startMoto(MANY_BUCKET, keys);
  say('python3 has no moto: its column is left out.');
  return undefined;
}

function print(rows: readonly Row[], json: boolean): void {
  const machine = `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? '?'}`;
  if (json) {
    const lines = rows.map(row => ({ ...row, ratio: ratioOf(row), met: isMet(row) }));
    process.stdout.write(`${JSON.stringify({ machine, rows: lines }, null, 2)}\n`);
  } else {
    process.stdout.write(`${machine}\n${toTable(rows)}\n`);
  }
}

async function printProfiles(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter(file => file.endsWith('.cpuprofile')).sort()) {
    say(`\n${name}\n${hottestFunctions(path.join(folder, name), 40)}`);
  }
}
