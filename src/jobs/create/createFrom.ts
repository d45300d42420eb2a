import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import type {
  CreateJobArguments,
  CreateResizeJobArguments,
  CreateTaggingJobArguments,
  S3Location,
} from '../../commands.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import type { Documents } from '../../services.ts';
import type { Jobs } from '../jobs.ts';
import { invocationOf } from './calledFunction.ts';
import { createJob } from './createJob.ts';
import type { Given } from './draft.ts';
import { describeFunction } from './findFunctions.ts';
import { resizeFlow } from './invokeFlow.ts';
import { taggingFlow, taggingOperation } from './taggingFlow.ts';

/** Creates a job that tags what a manifest names: the row's, the argument's, or one that is asked. */
export async function createTaggingJob(
  jobs: Jobs,
  documents: Documents,
  from: S3Location | CreateTaggingJobArguments | undefined,
): Promise<string> {
  const flow = taggingFlow();
  if (!isLocation(from)) return await createJob(jobs, documents, flow, givenForTagging(from));
  return isObject(from)
    ? await createJob(jobs, documents, flow, { manifest: from })
    : await createJob(jobs, documents, flow, {}, { from });
}

/** Creates a job that invokes a function for what is below a row, or what a manifest names. */
export async function createResizeJob(
  jobs: Jobs,
  documents: Documents,
  from: S3Location | CreateResizeJobArguments | undefined,
): Promise<string> {
  const flow = resizeFlow();
  if (!isLocation(from)) {
    return await createJob(jobs, documents, flow, await givenForResizing(jobs, from));
  }
  return isObject(from) && looksLikeManifest(from.key)
    ? await createJob(jobs, documents, flow, { manifest: from })
    : await createJob(jobs, documents, flow, {}, { from });
}

/** A row of the Buckets view, or arguments. */
function isLocation(from: S3Location | CreateJobArguments | undefined): from is S3Location {
  return from !== undefined && 'bucket' in from;
}

function isObject(from: S3Location): from is Required<S3Location> {
  return from.key !== undefined && from.key !== '' && !from.key.endsWith('/');
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
