import { BrigadeError } from '../../aws/errors.ts';
import type { Session } from '../../services.ts';
import { unknownFunction, type CalledFunction } from './calledFunction.ts';

export interface FoundFunction {
  readonly called: CalledFunction;
  /** The bucket invokes it on uploads. */
  readonly wired: boolean;
}

/**
 * The functions that a job on the objects of a bucket may invoke: those the bucket invokes itself
 * come first.
 *
 * @throws BrigadeError
 */
export async function findFunctions(
  session: Session,
  bucket: string | undefined,
  signal: AbortSignal,
): Promise<FoundFunction[]> {
  const wired = bucket === undefined ? [] : await wiredTo(session, bucket, signal);
  return wired.map(arn => ({ called: unknownFunction(arn), wired: true }));
}

/** The functions that a bucket's event notifications invoke; none for who may not read them. */
async function wiredTo({ clients }: Session, bucket: string, signal: AbortSignal) {
  const { readNotifications } = await import('../../aws/notifications.ts');
  const { listed } = await import('../../aws/notificationConfiguration.ts');
  try {
    const client = await clients.s3ForBucket(bucket, signal);
    const configured = listed(await readNotifications(client, bucket, { signal }));
    const arns = configured.map(({ destination: { kind, arn } }) => (kind === 'lambda' ? arn : ''));
    return [...new Set(arns)].filter(arn => arn !== '');
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'AccessDenied') return [];
    throw error;
  }
}
