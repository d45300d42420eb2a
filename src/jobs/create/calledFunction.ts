import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { functionName } from '../../aws/functionArn.ts';
import type { LambdaFunction } from '../../aws/functions.ts';
import type { JobOperation } from '../../aws/jobOperation.ts';
import { DEPLOYMENT_TAG } from '../../aws/resizeDeployment/target.ts';

/** A function that a job may invoke, as far as it is known. */
export interface CalledFunction {
  readonly arn: string;
  readonly name: string;
  /** Whether it answers S3 Batch Operations: ours does, of others nobody can tell. */
  readonly answersBatch: 'yes' | 'unknown';
  /** The bucket that Bucket Brigade deployed it for, whose objects its role may read. */
  readonly deployedFor?: string;
}

/** A function of which only the ARN is known. */
export function unknownFunction(arn: string): CalledFunction {
  return { arn, name: functionName(arn), answersBatch: 'unknown' };
}

/**
 * What is known of a function by its code and tags.
 *
 * @param arn as the job shall invoke it, with a version or alias or without
 * @param ours CodeSha256 of the zips that Bucket Brigade deploys
 */
export function knownFunction(
  arn: string,
  { codeSha256, tags = {} }: Pick<LambdaFunction, 'codeSha256'> & { tags?: Tags },
  ours: ReadonlySet<string>,
): CalledFunction {
  const deployedFor = tags[DEPLOYMENT_TAG];
  const known = deployedFor !== undefined || ours.has(codeSha256);
  return {
    arn,
    name: functionName(arn),
    answersBatch: known ? 'yes' : 'unknown',
    ...(deployedFor !== undefined && { deployedFor }),
  };
}

type Tags = Readonly<Record<string, string>>;

/** Ours takes the newer schema; others rather know AWS's default. */
export function invocationOf({
  arn,
  answersBatch,
}: CalledFunction): JobOperation & { name: 'LambdaInvoke' } {
  const schemaVersion = answersBatch === 'yes' ? '2.0' : '1.0';
  return { name: 'LambdaInvoke', functionArn: arn, schemaVersion };
}

/**
 * CodeSha256, as Lambda tells it, of the zips that come with the extension.
 *
 * @param extensionPath the extension's own folder
 */
export async function ourCode(extensionPath: string): Promise<ReadonlySet<string>> {
  const folder = path.join(extensionPath, 'dist', 'lambda');
  const names = await readdir(folder).catch(() => []);
  const zips = names.filter(name => name.endsWith('.zip'));
  const hashes = zips.map(async name => {
    const bytes = await readFile(path.join(folder, name));
    return createHash('sha256').update(bytes).digest('base64');
  });
  return new Set(await Promise.all(hashes));
}
