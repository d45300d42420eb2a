import type { CallOptions } from '../../call.ts';
import type { AwsClients } from '../../clients.ts';
import type { UploadJournal } from '../multipartUploads.ts';
import { BucketRules } from './bucketRules.ts';

/** The bucket that is copied from, and the one that is copied to. */
export interface CopyRoute {
  readonly source: BucketRules;
  readonly target: BucketRules;
}

/** Finds the Regions of two buckets, for copies between them. @throws BrigadeError */
export async function openRoute(
  clients: AwsClients,
  from: string,
  to: string,
  options: CallOptions = {},
): Promise<CopyRoute> {
  const [source, target] = await Promise.all([
    clients.s3ForBucket(from, options.signal),
    clients.s3ForBucket(to, options.signal),
  ]);
  return { source: new BucketRules(source, from), target: new BucketRules(target, to) };
}

export interface CopyInput {
  /** The key copied from, and the key copied to. */
  readonly from: string;
  readonly to: string;
  /** The version copied; the current one when absent. */
  readonly fromVersion?: string;
  /** An ETag without quotes, or `anything`: what may be overwritten; by default nothing may be. */
  readonly over?: string;
}

export interface CopyOptions extends CallOptions {
  readonly journal?: UploadJournal;
  /** Bytes; what CopyObject copies at once, 5 GiB unless a test says less. */
  readonly maxCopyBytes?: number;
  /**
   * Copies that the caller may not read are assumed to be right: nothing is deleted because of
   * them.
   */
  readonly mayBeUnread?: boolean;
}

/** The condition on what is at the destination. */
export function conditionOf(over: string | undefined): { IfNoneMatch?: string; IfMatch?: string } {
  if (over === 'anything') return {};
  return over === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${over}"` };
}
