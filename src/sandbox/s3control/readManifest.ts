import { AwsError } from '../errors.ts';
import type { RolePrincipal } from '../principal.ts';
import { getObjectBody } from '../s3/getObject.ts';
import type { Services } from '../sandboxServices.ts';
import { csvRows } from './csvRows.ts';
import { inventoryTasks } from './inventoryManifest.ts';
import type { JobManifest } from './job.ts';
import { JobFailure, invalidManifest } from './jobFailure.ts';
import { readColumns, readTask } from './task.ts';
import type { Task } from './task.ts';

type Body = ReturnType<typeof getObjectBody>['body'];

/**
 * The tasks of a manifest, read as the job's role, as they stream.
 * @throws JobFailure with AWS's code and sentence
 */
export async function* manifestTasks(
  services: Services,
  role: RolePrincipal,
  manifest: JobManifest | undefined,
): AsyncGenerator<Task> {
  if (manifest === undefined) throw invalidManifest('Invalid Manifest Content');
  const body = openManifest(services, role, manifest);
  if (manifest.fields === undefined) {
    yield* inventoryTasks(body, (bucket, key) => read(services, role, { bucket, key }).body);
    return;
  }
  const columns = readColumns(manifest.fields);
  for await (const row of csvRows(body)) yield readTask(row, columns);
}

function openManifest(services: Services, role: RolePrincipal, manifest: JobManifest): Body {
  const [, bucket = '', key = ''] =
    /^arn:[^:]+:s3:::([^/]+)\/(.+)$/s.exec(manifest.objectArn) ?? [];
  if (!/^[\w.-]+$/.test(manifest.eTag)) throw invalidManifest('ETag format is invalid');
  const { object, body } = read(services, role, { bucket, key, versionId: manifest.versionId });
  if (object.eTag === manifest.eTag) return body;
  if (!Buffer.isBuffer(body)) body.destroy();
  throw new JobFailure(
    'ManifestETagMismatch',
    `The manifest object's ETag is ${object.eTag}, not ${manifest.eTag} as the job says`,
  );
}

function read(
  services: Services,
  role: RolePrincipal,
  address: { bucket: string; key: string; versionId?: string },
): ReturnType<typeof getObjectBody> {
  try {
    return getObjectBody(services, role, address);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const forbidden = error.status === 403;
    throw new JobFailure(
      error.code,
      `Reading the manifest ${forbidden ? 'is forbidden' : 'failed'}: ${error.code}`,
    );
  }
}
