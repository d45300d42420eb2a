import { GetObjectAclCommand, type Grant } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { isNotOffered, type BucketRules } from './bucketRules.ts';
import type { Grants } from './kept.ts';

const FIELDS = [
  ['FULL_CONTROL', 'GrantFullControl'],
  ['READ', 'GrantRead'],
  ['READ_ACP', 'GrantReadACP'],
  ['WRITE_ACP', 'GrantWriteACP'],
] as const;

/**
 * An object's access control list as the headers that give it to another one; empty where it is what
 * a write makes by itself: full control for the owner.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetObjectAcl) where there may be a list that can't be read, with
 *   the reason `AccessList` where the caller may not ask the bucket either
 */
export async function readGrants(
  rules: BucketRules,
  object: { readonly bucket: string; readonly key: string; readonly versionId?: string },
  options: CallOptions,
): Promise<Grants> {
  const haveAcls = await rules.haveAcls(options);
  if (haveAcls === 'no') return {};
  const { bucket: Bucket, key: Key, versionId: VersionId } = object;
  const command = new GetObjectAclCommand({ Bucket, Key, VersionId });
  try {
    const output = await callWithAction('s3:GetObjectAcl', formatS3Uri(object), options, () =>
      rules.client.send(command, { abortSignal: options.signal }),
    );
    return grantsOf(output.Grants ?? [], output.Owner?.ID);
  } catch (error) {
    if (isNotOffered(error)) return {};
    throw haveAcls === 'unknown' ? unknownList(error, formatS3Uri(object)) : error;
  }
}

/** Either of two permissions would do. */
function unknownList(cause: unknown, subject: string): unknown {
  if (!(cause instanceof BrigadeError) || cause.code !== 'AccessDenied') return cause;
  const { message, awsCode, awsMessage, requestId, action } = cause;
  return new BrigadeError('AccessDenied', message, {
    ...{ subject, awsCode, awsMessage, requestId, action, cause },
    reason: 'AccessList',
  });
}

function grantsOf(grants: readonly Grant[], owner: string | undefined): Grants {
  const others = grants.filter(
    ({ Grantee, Permission }) => Permission !== 'FULL_CONTROL' || Grantee?.ID !== owner,
  );
  if (others.length === 0) return {};
  return Object.fromEntries(
    FIELDS.flatMap(([permission, field]) => {
      const grantees = grants.filter(grant => grant.Permission === permission).flatMap(granteeOf);
      return grantees.length === 0 ? [] : [[field, grantees.join(', ')]];
    }),
  );
}

function granteeOf({ Grantee: grantee }: Grant): string[] {
  if (grantee?.ID !== undefined) return [`id="${grantee.ID}"`];
  return grantee?.URI === undefined ? [] : [`uri="${grantee.URI}"`];
}
