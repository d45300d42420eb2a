import { ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import type { OperationName } from '../../aws/batchJobs/jobOperation.ts';
import { OPERATION_NAMES } from '../../aws/batchJobs/operations/operations.ts';
import type {
  CreateJobArguments,
  CreateResizeJobArguments,
  CreateTaggingJobArguments,
  S3Location,
} from '../../commands.ts';
import type { Documents } from '../../services.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pick } from '../../vscode/prompts.ts';
import { operationIcon, operationLabel } from '../operations/operationLabel.ts';
import type { Jobs } from '../jobs.ts';
import { draftFromSelection } from './draftFromSelection.ts';
import { createJob } from './createJob.ts';
import type { Given } from './draft.ts';
import { describeFunction, invocationOf } from './findFunctions.ts';
import { operationFlow, resizeFlow, taggingFlow, taggingOperation } from './flows.ts';

/** Creates a job that tags what is selected, what a manifest names, or what is asked. */
export async function createTaggingJob(
  jobs: Jobs,
  documents: Documents,
  target: S3Location | CreateTaggingJobArguments | undefined,
  selection: readonly (S3Location | CreateTaggingJobArguments)[] = [],
): Promise<string> {
  const flow = taggingFlow();
  if (target && !isLocation(target)) {
    return await createJob(jobs, documents, flow, givenForTagging(target));
  }
  const { given, options } = draftFromSelection(placesOf(target, selection));
  return await createJob(jobs, documents, flow, given, options);
}

/** Creates a job that invokes a function for what is selected, or what a manifest names. */
export async function createResizeJob(
  jobs: Jobs,
  documents: Documents,
  target: S3Location | CreateResizeJobArguments | undefined,
  selection: readonly (S3Location | CreateResizeJobArguments)[] = [],
): Promise<string> {
  const flow = resizeFlow();
  if (target && !isLocation(target)) {
    return await createJob(jobs, documents, flow, await givenForResizing(jobs, target));
  }
  const { given, options } = draftFromSelection(placesOf(target, selection));
  return await createJob(jobs, documents, flow, given, options);
}

function placesOf(
  target: S3Location | undefined,
  selection: readonly (S3Location | CreateJobArguments)[],
): S3Location[] {
  const places = selection.filter(isLocation);
  return places.length > 0 ? places : target ? [target] : [];
}

interface OperationItem extends QuickPickItem {
  readonly name: OperationName;
}

/** Creates a job that does what is chosen first, for what is selected, or what is asked. */
export async function createAnyJob(
  jobs: Jobs,
  documents: Documents,
  target: S3Location | undefined,
  selection: readonly S3Location[] = [],
): Promise<string> {
  const { given, options } = draftFromSelection(placesOf(target, selection));
  const session = await jobs.connections.session();
  const { name } = await pick<OperationItem>({
    title: titleWithOwner(session, l10n.t('Create Job')),
    placeholder: l10n.t('Select an operation'),
    items: OPERATION_NAMES.map(each => ({
      label: operationLabel(each),
      iconPath: new ThemeIcon(operationIcon({ name: each })),
      name: each,
    })),
  });
  const flow = operationFlow(name, l10n.t('Create Job: {0}', operationLabel(name)));
  const operation = name === 'S3DeleteObjectTagging' ? { operation: { name } } : {};
  return await createJob(jobs, documents, flow, { ...given, ...operation }, options);
}

/** A row of the Buckets view, or arguments. */
function isLocation(from: S3Location | CreateJobArguments | undefined): from is S3Location {
  return from !== undefined && 'bucket' in from;
}

function givenForTagging({ tags, ...more }: CreateTaggingJobArguments = {}): Given {
  return { ...more, ...(tags && { operation: taggingOperation(tags) }) };
}

async function givenForResizing(
  { connections, context }: Jobs,
  { manifest, source, functionArn, ...more }: CreateResizeJobArguments = {},
): Promise<Given> {
  const found = source && {
    sourceBucket: source.bucket,
    ...(source.key && { prefix: source.key }),
    ...(source.suffix && { suffix: source.suffix }),
  };
  const given = { ...more, ...((manifest ?? found) && { manifest: manifest ?? found }) };
  if (functionArn === undefined) return given;
  const { clients } = await connections.session();
  const ours = await bundledHashes({ context });
  const called = await describeFunction(clients, functionArn, ours);
  return { ...given, operation: invocationOf(called) };
}
