import {
  createBucket,
  deleteBucket,
  findBucket,
  getBucketTags,
  putBucketTags,
} from '../objects/buckets.ts';
import type { CallOptions } from '../call.ts';
import { conflict, orUndefined, type Run } from '../deployment/plannedStep.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { DeploymentContext, ResizeStep } from './context.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import type { StepDetail } from '../deployment/step.ts';
import type { UndoResult } from '../deployment/undoLog.ts';

/** The bucket for the resized objects: made when it is not there; never changed when it is. */
export async function planBucket(context: DeploymentContext): Promise<ResizeStep> {
  const { clients, target, region, options } = context;
  const bucket = target.destinationBucket;
  const facts = { kind: 'destinationBucket' as const, subject: formatS3Uri({ bucket }) };
  const found = await findBucket(clients, bucket, options);
  if (found === undefined) {
    const details = [regionDetail(region), tagDetail(context)];
    return { step: { ...facts, action: 'create', details }, apply: run => create(context, run) };
  }
  if (!found.own) {
    return conflict(facts, 'otherAccount', [bucket], 'It belongs to another account, or is denied');
  }
  if (found.region !== region) {
    const reason = `It is in ${found.region}, not in ${region}`;
    return conflict(facts, 'otherRegion', [bucket, found.region, region], reason);
  }
  const same = bucket === target.bucket ? [{ kind: 'sourceBucket' as const }] : [];
  return { step: { ...facts, action: 'keep', details: [regionDetail(found.region), ...same] } };
}

function regionDetail(region: string): StepDetail {
  return { kind: 'region', region };
}

function tagDetail({ target }: DeploymentContext): StepDetail {
  return { kind: 'tag', key: DEPLOYMENT_TAG, value: target.bucket };
}

async function create(context: DeploymentContext, { undo, isNew }: Run): Promise<void> {
  const { clients, target, region, options } = context;
  const bucket = target.destinationBucket;
  const what = formatS3Uri({ bucket });
  await undo.perform({ what, run: later => rollBack(context, later) }, () =>
    createBucket(clients, { bucket, region }, options),
  );
  const tags = await getBucketTags(clients, bucket, options);
  const marked = { ...tags, [DEPLOYMENT_TAG]: target.bucket };
  await putBucketTags(clients, { bucket, tags: marked }, options);
  isNew.add('destinationBucket');
}

/** A bucket that has objects already is not deleted: S3 refuses it, and they are not ours. */
async function rollBack(
  { clients, target }: DeploymentContext,
  options: CallOptions,
): Promise<UndoResult> {
  const bucket = target.destinationBucket;
  const found = await findBucket(clients, bucket, options);
  if (found === undefined) return 'nothing';
  const tags = await orUndefined(getBucketTags(clients, bucket, options));
  const owner = tags?.[DEPLOYMENT_TAG];
  if (!found.own) return 'left';
  if (owner !== undefined && owner !== target.bucket) return 'nothing';
  try {
    await deleteBucket(clients, bucket, options);
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'Conflict') return 'left';
    throw error;
  }
  return 'undone';
}
