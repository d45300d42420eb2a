import type { CreateJobInput } from '../batchJobs/createJob.ts';
import { createJobOfNewRole, type CreateJobOptions } from '../batchJobs/createJobOfNewRole.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { applyTagChange, changeProblem, type TagChange } from '../tagChanges/tagChange.ts';
import type { WhenChanged } from '../tagChanges/revert.ts';
import { taggerArguments, type TaggerWork } from './taggerArguments.ts';
import type { ReportPlace } from './taggerRolePolicy.ts';

export interface TaggerJobInput extends Omit<CreateJobInput, 'operation' | 'report'> {
  /** The tagger's, in the Region of the job. */
  readonly functionArn: string;
  /** One of all tasks: an undo is made of it. */
  readonly report: ReportPlace;
  /** `always` unless it is given. */
  readonly record?: TaggerWork['record'];
}

/**
 * Creates a job in which the tagger changes the tags of each object. Like every job it waits for its
 * confirmation (`runJob`).
 *
 * @throws BrigadeError `InvalidInput` for a change that no object can take; else as createJobOfNewRole
 */
export async function createTagsJob(
  clients: AwsClients,
  { change, ...input }: TaggerJobInput & { readonly change: TagChange },
  options: CreateJobOptions,
): Promise<{ jobId: string; region: string }> {
  if (changeProblem(change) !== undefined || 'problem' in applyTagChange([], change)) {
    throw new BrigadeError('InvalidInput', 'No object can have these tags', {
      subject: input.functionArn,
      problem: { kind: 'impossibleTags' },
    });
  }
  return await createTaggerJob(clients, input, change, options);
}

/**
 * Creates a job in which the tagger puts back former tags, of a manifest that `writeUndoManifest` wrote. Its
 * own report can be undone like any other.
 *
 * @throws BrigadeError as createJobOfNewRole
 */
export async function createUndoJob(
  clients: AwsClients,
  { whenChanged, ...input }: TaggerJobInput & { readonly whenChanged: WhenChanged },
  options: CreateJobOptions,
): Promise<{ jobId: string; region: string }> {
  return await createTaggerJob(clients, input, { kind: 'undo', whenChanged }, options);
}

async function createTaggerJob(
  clients: AwsClients,
  { functionArn, report, record = 'always', ...input }: TaggerJobInput,
  action: TaggerWork['action'],
  options: CreateJobOptions,
): Promise<{ jobId: string; region: string }> {
  const userArguments = taggerArguments({ action, report, record });
  const operation = {
    name: 'LambdaInvoke',
    functionArn,
    schemaVersion: '2.0',
    userArguments,
  } as const;
  const whole = { ...input, operation, report: { ...report, scope: 'AllTasks' } as const };
  return await createJobOfNewRole(clients, whole, options);
}
