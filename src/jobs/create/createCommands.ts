import type { Disposable } from 'vscode';
import { looksLikeManifest } from '../../aws/manifestFile.ts';
import type {
  CreateJobArguments,
  CreateResizeJobArguments,
  CreateTaggingJobArguments,
  S3Location,
} from '../../commands.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import type { Documents } from '../../vscode/documents.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Jobs } from '../jobs.ts';
import { invocationOf } from './calledFunction.ts';
import { cloneJob } from './cloneJob.ts';
import { createJob } from './createJob.ts';
import type { Given } from './draft.ts';
import { describeFunction } from './findFunctions.ts';
import { resizeFlow } from './invokeFlow.ts';
import { taggingFlow, taggingOperation } from './taggingFlow.ts';

export function registerCreateCommands(jobs: Jobs, documents: Documents): Disposable {
  const disposables = new DisposableStore();
  for (const command of [
    registerCommand('bucketBrigade.jobs.createTaggingJob', from => {
      const flow = taggingFlow();
      if (!isLocation(from)) return createJob(jobs, documents, flow, givenForTagging(from));
      return isObject(from)
        ? createJob(jobs, documents, flow, { manifest: from })
        : createJob(jobs, documents, flow, {}, { from });
    }),
    registerCommand('bucketBrigade.jobs.createResizeJob', async from => {
      const flow = resizeFlow();
      if (!isLocation(from)) {
        return await createJob(jobs, documents, flow, await givenForResizing(jobs, from));
      }
      return isObject(from) && looksLikeManifest(from.key)
        ? await createJob(jobs, documents, flow, { manifest: from })
        : await createJob(jobs, documents, flow, {}, { from });
    }),
    registerCommand('bucketBrigade.jobs.clone', target => cloneJob(jobs, documents, target)),
  ]) {
    disposables.add(command);
  }
  return disposables;
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
