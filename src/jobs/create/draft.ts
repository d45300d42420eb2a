import { DEFAULT_PRIORITY, MAX_REPORT_PREFIX_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import type { CreateJobInput } from '../../aws/batchJobs/request/jobRequest.ts';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { isGenerator, type ManifestGenerator } from '../../aws/manifest/jobManifest.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { isBucketName, parseS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { CreateJobArguments, ReportChoice, S3Location } from '../../commands.ts';
import type { Documents, Services, Session } from '../../services.ts';
import type { PromptPosition } from '../../vscode/prompts.ts';
import { describeWork } from '../jobName.ts';
import type { JobCheck } from '../jobToCheck.ts';

/** The answers so far to what a job needs to know. */
export interface Draft {
  manifest?: DraftManifest;
  operation?: JobOperation;
  roleArn?: string;
  /** The ARN of the role that was made on the way, if one was. */
  newRole?: string;
  report?: ReportChoice | false;
  priority?: number;
  description?: string;
}

/** A manifest as it was read, whose ETag the job will insist on; or what S3 makes one of. */
export type DraftManifest = ManifestSummary | FoundObjects;

/** Objects that S3 finds itself when it prepares the job. */
export interface FoundObjects extends Omit<ManifestGenerator, 'output'> {
  /** How many there are now, as far as that was counted; absent where the caller may not list. */
  readonly count?: { readonly objects: number; readonly complete: boolean };
}

export type CompleteDraft = Required<Omit<Draft, 'description' | 'newRole'>> &
  Pick<Draft, 'description'>;

/** What has to be known, in the order it is asked; what follows has a default. */
export const QUESTIONS = ['manifest', 'operation', 'report', 'roleArn'] as const;
export type Question = (typeof QUESTIONS)[number] | 'priority' | 'description';

/** What a command was given, whatever kind of job it makes. */
export interface Given extends CreateJobArguments {
  /** A manifest, still to be read, or what S3 makes one of. */
  readonly manifest?: S3Location | FoundObjects;
  readonly operation?: JobOperation;
}

/** The first question without an answer; undefined when the job can be summed up. */
export function nextQuestion(draft: Draft): Question | undefined {
  return QUESTIONS.find(question => draft[question] === undefined);
}

/** The draft, if nothing is missing; a description never is, and a priority has a default. */
export function completed(draft: Draft): CompleteDraft | undefined {
  const { manifest, operation, roleArn, report, description } = draft;
  const { priority = DEFAULT_PRIORITY } = draft;
  if (
    manifest === undefined ||
    operation === undefined ||
    roleArn === undefined ||
    report === undefined
  ) {
    return undefined;
  }
  return { manifest, operation, roleArn, report, priority, description };
}

/** Below the report's prefix, where the manifest is kept that S3 makes. */
const MANIFEST_FOLDER = 'manifests/';

/**
 * What the job is made from. A manifest that S3 makes is kept where the report goes: it tells what
 * was found.
 */
export function jobManifest(
  manifest: DraftManifest,
  report: Draft['report'],
): ManifestSummary | ManifestGenerator {
  if (!isGenerator(manifest)) return manifest;
  const generator = { ...manifest };
  delete (generator as { count?: unknown }).count;
  const folder = report && report.prefix ? `${report.prefix}/` : '';
  return {
    ...generator,
    ...(report && { output: { bucket: report.bucket, prefix: `${folder}${MANIFEST_FOLDER}` } }),
  };
}

/** What CreateJob is to be asked for. */
export function jobInput(draft: CompleteDraft): Omit<CreateJobInput, 'clientRequestToken'> {
  const report = draft.report === false ? undefined : draft.report;
  const manifest = jobManifest(draft.manifest, draft.report);
  const buckets = isGenerator(draft.manifest) ? [] : draft.manifest.buckets;
  const { operation, roleArn, priority, description } = draft;
  return { operation, roleArn, priority, description, manifest, report, buckets };
}

/** The bucket that what the job writes goes to unless another is chosen. */
export function bucketOf(manifest: DraftManifest): string {
  return isGenerator(manifest) ? manifest.sourceBucket : manifest.bucket;
}

/** The buckets whose objects the job goes over, most objects first. */
export function targetsOf(manifest: DraftManifest): { bucket: string; prefix?: string }[] {
  if (!isGenerator(manifest)) return manifest.buckets.map(({ bucket }) => ({ bucket }));
  const { sourceBucket: bucket, prefix } = manifest;
  return [prefix === undefined ? { bucket } : { bucket, prefix }];
}

/** How many objects the job goes over, if that is known for sure. */
export function objectCount(manifest: DraftManifest): number | undefined {
  if (!isGenerator(manifest)) return manifest.rows;
  return manifest.count?.complete ? manifest.count.objects : undefined;
}

/** What the job is called unless it is called otherwise: what it does and on what. */
export function describeDraft({ manifest, operation }: Draft): string {
  if (manifest === undefined || operation === undefined) return '';
  return describeWork({
    operation: operation.name,
    ...(operation.name === 'S3PutObjectTagging' && { tags: operation.tags }),
    ...(operation.name === 'LambdaInvoke' && { invocation: operation }),
    ...(isGenerator(manifest)
      ? { generator: { ...manifest, otherFilters: [] } }
      : { manifest: { bucket: manifest.bucket, key: manifest.key } }),
  });
}

/** What the questions for a job have at hand. */
export interface PromptContext extends Pick<Services, 'context' | 'worker'> {
  readonly session: Session;
  readonly check: JobCheck;
  readonly documents: Documents;
  /** The answers are put here. */
  readonly draft: Draft;
  /** Where to begin looking for a manifest or objects. */
  readonly from: S3Location | undefined;
  /** What is selected, where that is more than a place to begin in. */
  readonly selected?: ObjectSelection;
}

/** What one kind of job asks otherwise than another. */
export interface JobFlow {
  /** Distinguishes what was left unfinished. */
  readonly kind: 'tagging' | 'invoking' | 'resizing' | JobOperation['name'];
  readonly title: string;
  /** What the job is called unless it is called otherwise; what it does and on what by default. */
  describe?(draft: Draft): string | undefined;
  askManifest(position: PromptPosition, asking: PromptContext): Promise<DraftManifest>;
  askOperation(position: PromptPosition, asking: PromptContext): Promise<JobOperation>;
}

/** `s3://bucket/prefix/`, or a bucket's bare name; AWS puts the slash after the prefix itself. */
export function parseReportPlace(text: string): Omit<ReportChoice, 'scope'> | undefined {
  const typed = text.trim();
  const place = isBucketName(typed) ? { bucket: typed, key: undefined } : parseS3Uri(typed);
  if (place === undefined) return undefined;
  const prefix = place.key?.replace(/\/+$/, '') ?? '';
  if (prefix.length > MAX_REPORT_PREFIX_LENGTH) return undefined;
  return prefix === '' ? { bucket: place.bucket } : { bucket: place.bucket, prefix };
}
