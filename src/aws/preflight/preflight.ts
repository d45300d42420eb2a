import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionDetails } from '../functions/functions.ts';
import { checkManifest, type ManifestCheck } from '../manifestCheck/checkManifest.ts';
import type { JobManifestLocation } from '../manifest/jobManifest.ts';
import { headObject } from '../objects/listing.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { callerChecks } from './callerChecks.ts';
import { CHECK_IDS, type Check } from './check.ts';
import { settled, type Checking, type Found } from './checking.ts';
import { eventChecks } from './eventChecks.ts';
import { functionChecks } from './functionChecks.ts';
import { partsOf, type JobRequest } from './jobParts.ts';
import { keyChecks } from './keyChecks.ts';
import { manifestChecks } from './manifestChecks.ts';
import { generatorCheck, objectCheck } from './objectChecks.ts';
import { regionChecks } from './regionChecks.ts';
import { reportChecks } from './reportChecks.ts';
import { requestChecks } from './requestChecks.ts';
import { roleChecks } from './roleChecks.ts';
import { settingChecks } from './settingChecks.ts';
import { versionChecks } from './versionChecks.ts';

/** What is known already, or is to be looked at more closely. */
export interface PreflightFacts {
  /** Who would create the job. */
  readonly callerArn?: string;
  /** Whether S3 is asked for every object of a manifest, however many they are: a HEAD each. */
  readonly asksObjects?: boolean;
  /** Reads a manifest that takes its time in another process; without it, a big one is not read. */
  readonly readManifest?: (input: ReadInput, options: CallOptions) => Promise<ManifestCheck>;
}

export interface ReadInput {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly asksObjects: boolean;
  readonly maxProblems: number;
}

export interface Preflight {
  /** In the order of what they are about. */
  readonly checks: readonly Check[];
  /** Objects that the job goes over; undefined where nobody has counted them. */
  readonly objects?: number;
  /** Where the job would be; undefined where that is unknown. */
  readonly region?: string;
  readonly manifest?: ManifestCheck;
  /** The function of a LambdaInvoke. */
  readonly invoked?: FunctionDetails;
}

/** Bytes of a manifest that is read in this process: some 200,000 rows. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Rows of which S3 is asked for each object unasked: one HEAD each, $0.0004. */
const MAX_ASKED = 1000;
const MAX_PROBLEMS = 100;

/**
 * Looks at everything that would make a job fail, or do what nobody wants, before it is created. What
 * can't be looked at is `unchecked` and says why; nothing is changed.
 *
 * @throws BrigadeError `Cancelled` only
 */
export async function preflight(
  clients: AwsClients,
  request: JobRequest,
  facts: PreflightFacts = {},
  options: CallOptions = {},
): Promise<Preflight> {
  const parts = partsOf(request);
  const checking: Checking = { clients, request, parts, options, callerArn: facts.callerArn };
  const source = await sourceChecks(checking, facts);
  const { found } = source;
  let region: string | undefined;
  let invoked: FunctionDetails | undefined;
  const regional = await settled('regions', parts.operationName, async () => {
    const answer = await regionChecks(checking, found);
    region = answer.region;
    return answer.checks;
  });
  const { RoleArn: roleArn = '' } = request;
  const checks = await Promise.all([
    settled('roleTrust', roleArn, () => roleChecks(checking, found)),
    settled('keys', roleArn, () => keyChecks(checking, found)),
    settled('caller', facts.callerArn ?? '', () =>
      callerChecks(checking, region ?? clients.region),
    ),
    settled('function', parts.operationName, async () => {
      const answer = await functionChecks(checking);
      invoked = answer.invoked;
      return answer.checks;
    }),
    settled('report', parts.report?.bucket ?? '', () => reportChecks(checking, found)),
    settled('versions', formatSource(parts), () => versionChecks(checking, found)),
    settled('settings', formatSource(parts), () => settingChecks(checking, found)),
    settled('events', parts.operationName, () => eventChecks(checking, found)),
  ]);
  return {
    checks: inOrder([
      ...requestChecks(request, parts),
      ...source.checks,
      ...regional,
      ...checks.flat(),
    ]),
    ...(found.objects !== undefined && { objects: found.objects }),
    ...(region !== undefined && { region }),
    ...(found.manifest && { manifest: found.manifest }),
    ...(invoked && { invoked }),
  };
}

function formatSource({ manifest, generator }: Checking['parts']): string {
  if (manifest) return formatS3Uri(manifest);
  return generator ? formatS3Uri({ bucket: generator.sourceBucket, key: generator.prefix }) : '';
}

/** Those that are about one thing stay in the order they came in. */
function inOrder(checks: readonly Check[]): Check[] {
  return [...checks].sort((a, b) => CHECK_IDS.indexOf(a.id) - CHECK_IDS.indexOf(b.id));
}

interface SourceChecks {
  readonly checks: readonly Check[];
  readonly found: Found;
}

/** What names the objects: a manifest that is read, or S3's own search. */
async function sourceChecks(checking: Checking, facts: PreflightFacts): Promise<SourceChecks> {
  const { manifest, generator } = checking.parts;
  let found: Found = { targets: generator ? [targetOf(generator)] : [] };
  const subject = formatSource(checking.parts);
  const checks = await settled(manifest ? 'manifest' : 'objects', subject, async () => {
    if (manifest) {
      const read = await readChecks(checking, manifest, facts);
      found = read.found;
      return read.checks;
    }
    if (generator === undefined) return [];
    const counted = await generatorCheck(checking, generator);
    found = counted.found;
    return [counted.check];
  });
  return { checks, found };
}

function targetOf({ sourceBucket, prefix }: NonNullable<Checking['parts']['generator']>) {
  return { bucket: sourceBucket, ...(prefix !== undefined && { prefix }) };
}

async function readChecks(
  checking: Checking,
  asked: JobManifestLocation,
  facts: PreflightFacts,
): Promise<SourceChecks> {
  const subject = formatS3Uri(asked);
  try {
    const read = await readManifest(checking, asked, facts);
    if (typeof read === 'number') return { checks: [tooBig(asked, read)], found: { targets: [] } };
    const sentETag = checking.request.Manifest?.Location?.ETag;
    const targets = read.buckets.map(({ bucket }) => ({ bucket }));
    return {
      checks: [...manifestChecks(asked, read, sentETag), objectCheck(asked, read)],
      found: { targets, manifest: read, ...(read.rows !== undefined && { objects: read.rows }) },
    };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return {
      checks: [{ id: 'manifest', status: 'failed', subject, reason }],
      found: { targets: [] },
    };
  }
}

function reasonOf(error: unknown): Check['reason'] | undefined {
  if (!(error instanceof BrigadeError)) return undefined;
  if (error.code === 'NotFound') return { kind: 'missing' };
  return error.reason === 'CustomerKey' ? { kind: 'customerKey' } : undefined;
}

/** @returns its bytes where it is too big to be read here */
async function readManifest(
  { clients, options }: Checking,
  { bucket, key, versionId }: JobManifestLocation,
  { readManifest: elsewhere, asksObjects = false }: PreflightFacts,
): Promise<ManifestCheck | number> {
  const client = await clients.s3ForBucket(bucket, options.signal);
  const address = { bucket, key, ...(versionId !== undefined && { versionId }) };
  const { size } = await headObject(client, address, options);
  const isHeavy = asksObjects || size > MAX_BYTES;
  if (elsewhere === undefined && size > MAX_BYTES) return size;
  const here: typeof elsewhere = (input, more) => checkManifest(clients, input, more);
  const read = (isHeavy && elsewhere) || here;
  const input = { ...address, maxProblems: MAX_PROBLEMS };
  const plain = await read({ ...input, asksObjects }, options);
  const asksNow = !asksObjects && plain.rows !== undefined && plain.rows <= MAX_ASKED;
  return asksNow ? await read({ ...input, asksObjects: true }, options) : plain;
}

function tooBig(asked: JobManifestLocation, bytes: number): Check {
  const { bucket, key } = asked;
  return {
    ...{ id: 'manifest', status: 'unchecked', subject: formatS3Uri(asked) },
    reason: { kind: 'tooBig', bytes },
    fixes: [{ kind: 'checkManifest', bucket, key }],
  };
}
