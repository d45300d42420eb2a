import { AwsError } from '../errors.ts';
import type { RolePrincipal } from '../principal.ts';
import type { OpenedObject } from '../s3/objectAccess.ts';
import type { JobContext } from './jobContext.ts';
import { csvRows } from './csvRows.ts';
import { inventoryTasks } from './inventoryManifest.ts';
import type { JobManifest } from './job.ts';
import { JobFailure, invalidManifest } from './jobFailure.ts';
import { readColumns, readTask } from './task.ts';
import type { Task } from './task.ts';

type Body = OpenedObject['body'];

/**
 * The tasks of a manifest, read as the job's role, as they stream.
 * @throws JobFailure with AWS's code and sentence
 */
export async function* manifestTasks(
  context: JobContext,
  role: RolePrincipal,
  manifest: JobManifest | undefined,
): AsyncGenerator<Task> {
  if (manifest === undefined) throw invalidManifest('Invalid Manifest Content');
  const body = openManifest(context, role, manifest);
  if (manifest.fields === undefined) {
    yield* inventoryTasks(body, (bucket, key) => read(context, role, { bucket, key }).body);
    return;
  }
  const columns = readColumns(manifest.fields);
  for await (const row of csvRows(body)) yield readTask(row, columns);
}

function openManifest(context: JobContext, role: RolePrincipal, manifest: JobManifest): Body {
  const [, bucket = '', key = ''] =
    /^arn:[^:]+:s3:::([^/]+)\/(.+)$/s.exec(manifest.objectArn) ?? [];
  if (!/^[\w.-]+$/.test(manifest.eTag)) throw invalidManifest('ETag format is invalid');
  const { object, body } = read(context, role, { bucket, key, versionId: manifest.versionId });
  if (object.eTag === manifest.eTag) return body;
  if (!Buffer.isBuffer(body)) body.destroy();
  throw new JobFailure(
    'ManifestETagMismatch',
    `The manifest object's ETag is ${object.eTag}, not ${manifest.eTag} as the job says`,
  );
}

function read(
  context: JobContext,
  role: RolePrincipal,
  address: { bucket: string; key: string; versionId?: string },
): OpenedObject {
  try {
    return context.objects.read(role, address);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const forbidden = error.status === 403;
    throw new JobFailure(
      error.code,
      `Reading the manifest ${forbidden ? 'is forbidden' : 'failed'}: ${error.code}`,
    );
  }
}
