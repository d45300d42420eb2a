import { l10n } from 'vscode';
import type { CopyPlan } from '../../aws/copies/planCopies.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { Session } from '../../services.ts';
import { ownerOf, type Owner } from '../../vscode/sessionOwner.ts';
import { isAccessDenied } from '../isAccessDenied.ts';
import { formatList } from '../../vscode/formats.ts';

/** Whose objects are copied, and where names of buckets mean what they mean to it. */
export interface Origin {
  readonly owner: Owner;
  readonly world: string;
}

/** Names of buckets mean the same at an endpoint, or in a partition of AWS. */
export function originOf(session: Session): Origin {
  const { clients, identity } = session;
  return { owner: ownerOf(session), world: clients.endpoint ?? identity.partition };
}

/**
 * Makes sure that a connection may reach what was chosen with another: at another endpoint a bucket of
 * the same name is another bucket, and S3 copies nothing from there.
 *
 * @throws BrigadeError `InvalidInput`
 */
export function assertReachable({ owner, world }: Origin, session: Session): void {
  if (owner.key === session.key || world === originOf(session).world) return;
  const sentence = l10n.t(
    'S3 can’t copy between the endpoints of {0} and {1}. Download it, then upload it.',
    ...[owner.name, ownerOf(session).name],
  );
  throw new BrigadeError('InvalidInput', sentence);
}

/**
 * Does what reads the source of a copy with the credentials of its destination: S3 copies with one set
 * of them alone (Amazon S3 API reference, "CopyObject"). Where they may not read what was chosen with
 * another connection, the error says what its bucket's policy would have to allow.
 *
 * @throws BrigadeError `InvalidInput` for that; what `read` throws
 */
export async function readingAcross<T>(
  from: Origin | undefined,
  session: Session,
  buckets: readonly string[],
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isForeign = from !== undefined && from.owner.key !== session.key;
    throw isForeign && isAccessDenied(error) ? unreadable(from, session, buckets, error) : error;
  }
}

/**
 * Reads of one object of each bucket all that copying it reads: that objects may be listed does not say
 * that, and a million of them would be refused one by one.
 *
 * @throws BrigadeError as `readingAcross` does
 */
export async function assertReadable(
  from: Origin | undefined,
  session: Session,
  { samples }: Pick<CopyPlan, 'samples'>,
  signal: AbortSignal,
): Promise<void> {
  if (from === undefined || from.owner.key === session.key) return;
  const { readToCopy } = await import('../../aws/copies/readToCopy.ts');
  for (const [bucket, [sample]] of Map.groupBy(samples, item => item.bucket)) {
    if (!sample) continue;
    await readingAcross(from, session, [bucket], async () => {
      const client = await session.clients.s3ForBucket(bucket, signal);
      await readToCopy(client, sample, { signal });
    });
  }
}

/** What a copy reads of its source: the object, its tags and its access control list, and which there are. */
const ACTIONS = ['s3:ListBucket', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectAcl'];

function unreadable(
  { owner }: Origin,
  session: Session,
  buckets: readonly string[],
  cause: unknown,
): BrigadeError {
  const missing = cause instanceof BrigadeError ? cause.action : undefined;
  const sentence = l10n.t(
    '{0} can’t read everything that was copied with {1}. For S3 to copy it, the policy of the bucket {2} must allow {3} these actions: {4}. Or download it, then upload it.',
    ownerOf(session).name,
    owner.name,
    formatList(new Set(buckets)),
    principalOf(session.identity.arn),
    formatList(new Set([...ACTIONS, ...(missing ? [missing] : [])])),
  );
  return new BrigadeError('InvalidInput', sentence, { cause });
}

/**
 * Who a bucket's policy names: of a session of a role the role, without its path, which the session's
 * ARN lacks (IAM User Guide, "AWS JSON policy elements: Principal").
 */
export function principalOf(callerArn: string): string {
  const [, partition = '', account = '', role = ''] =
    /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  return role === '' ? callerArn : `arn:${partition}:iam::${account}:role/${role}`;
}
