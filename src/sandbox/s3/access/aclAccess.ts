import type { Principal, RequestContext } from '../../principal.ts';
import type { Acl, AclPermission } from '../store/acl.ts';
import { ALL_USERS, AUTHENTICATED_USERS } from '../store/acl.ts';
import { allowsAcls } from '../store/bucketConfiguration.ts';
import type { Bucket } from '../store/buckets.ts';
import type { S3Store } from '../store/s3Store.ts';

/** What a permission of a bucket's ACL lets do (user guide, "Mapping of ACL permissions"). */
const OF_BUCKETS: Readonly<Record<string, AclPermission | undefined>> = {
  's3:ListBucket': 'READ',
  's3:ListBucketVersions': 'READ',
  's3:ListBucketMultipartUploads': 'READ',
  's3:PutObject': 'WRITE',
  's3:GetBucketAcl': 'READ_ACP',
  's3:PutBucketAcl': 'WRITE_ACP',
};

const OF_OBJECTS: Readonly<Record<string, AclPermission | undefined>> = {
  's3:GetObject': 'READ',
  's3:GetObjectVersion': 'READ',
  's3:GetObjectAcl': 'READ_ACP',
  's3:GetObjectVersionAcl': 'READ_ACP',
  's3:PutObjectAcl': 'WRITE_ACP',
  's3:PutObjectVersionAcl': 'WRITE_ACP',
};

interface AccessRequest {
  readonly caller: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** Whether an ACL lets the caller, as one of everybody, do an action. */
export function aclAllows(
  s3: Pick<S3Store, 'versions' | 'acls'>,
  bucket: Bucket,
  { caller, action, resource, context }: AccessRequest,
): boolean {
  if (!allowsAcls(bucket) || bucket.publicAccessBlock?.ignorePublicAcls) return false;
  const ofBucket = OF_BUCKETS[action];
  if (ofBucket) return grants(bucket.acl, ofBucket, caller);
  const ofObject = OF_OBJECTS[action];
  if (!ofObject) return false;
  const key = resource.slice(`arn:aws:s3:::${bucket.name}/`.length);
  const versionId = context['s3:VersionId'];
  const object =
    typeof versionId === 'string'
      ? s3.versions.find(bucket.id, key, versionId)
      : s3.versions.latest(bucket.id, key);
  return object !== undefined && grants(s3.acls.find(object), ofObject, caller);
}

function grants(acl: Acl = [], wanted: AclPermission, { kind }: Principal): boolean {
  return acl.some(({ grantee, permission }) => {
    if (!('group' in grantee)) return false;
    const meant =
      grantee.group === ALL_USERS ||
      (grantee.group === AUTHENTICATED_USERS && kind !== 'anonymous');
    return meant && (permission === wanted || permission === 'FULL_CONTROL');
  });
}
