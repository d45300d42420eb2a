import type { SandboxResponse } from '../../request.ts';
import { element, textElement } from '../../xml.ts';
import { ownerId } from '../ownerId.ts';
import { findObject } from '../objects/getObject.ts';
import { recordEvent } from '../notifications/recordEvent.ts';
import { permitted } from '../permitted.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, xmlAnswer } from '../s3Call.ts';
import type { Acl, Grant } from '../store/acl.ts';
import { allowsAcls } from '../store/bucketConfiguration.ts';
import { fullControl, isPrivateAcl } from './cannedAcl.ts';
import { checkAclAllowed } from './checkAcl.ts';
import { readAcl } from './readAcl.ts';

const INSTANCE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

function render(owner: string, acl: Acl): SandboxResponse {
  return xmlAnswer(
    'AccessControlPolicy',
    element('Owner', textElement('ID', owner)),
    element('AccessControlList', ...acl.map(renderGrant)),
  );
}

function renderGrant({ grantee, permission }: Grant): string {
  const [type, child] =
    'id' in grantee
      ? ['CanonicalUser', textElement('ID', grantee.id)]
      : ['Group', textElement('URI', grantee.group)];
  return element(
    'Grant',
    `<Grantee ${INSTANCE} xsi:type="${type}">${child}</Grantee>`,
    textElement('Permission', permission),
  );
}

const getBucketAcl: S3Operation = (context, call) => {
  const bucket = permitted(context, call, 's3:GetBucketAcl');
  const owner = ownerId(context);
  return render(owner, (allowsAcls(bucket) ? bucket.acl : undefined) ?? [fullControl(owner)]);
};

const putBucketAcl: S3Operation = async (context, call) => {
  permitted(context, call, 's3:PutBucketAcl');
  const acl = await readAcl(call, ownerId(context));
  const bucket = findBucket(context, call.bucket);
  checkAclAllowed(bucket, acl, call, 's3:PutBucketAcl');
  context.s3.buckets.configure(bucket, { acl: isPrivateAcl(acl) ? undefined : acl });
  return { status: 200 };
};

const GET_ACL = ['s3:GetObjectAcl', 's3:GetObjectVersionAcl'] as const;
const PUT_ACL = ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'] as const;

const getObjectAcl: S3Operation = (context, { caller, bucket: name, key, request }) => {
  const address = { bucket: name, key, versionId: request.query.get('versionId') };
  const { bucket, object } = findObject(context, caller, address, GET_ACL);
  const owner = ownerId(context);
  const acl = allowsAcls(bucket) ? context.s3.acls.find(object) : undefined;
  return render(owner, acl ?? [fullControl(owner)]);
};

const putObjectAcl: S3Operation = async (context, call) => {
  const { caller, key, request } = call;
  const address = { bucket: call.bucket, key, versionId: request.query.get('versionId') };
  const options = { method: 'PUT', ofMarkers: true };
  findObject(context, caller, address, PUT_ACL, options);
  const acl = await readAcl(call, ownerId(context));
  context.store.transaction(() => {
    const { bucket, object } = findObject(context, caller, address, PUT_ACL, options);
    checkAclAllowed(bucket, acl, call, PUT_ACL[0]);
    const before = context.s3.acls.find(object);
    const after = isPrivateAcl(acl) ? undefined : acl;
    context.s3.acls.set(object, after);
    // An ACL that says what it said before is no event (recorded).
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const { versionId, size, eTag } = object;
    const origin = { caller, request };
    const time = context.clock.now();
    recordEvent(context, {
      name: 'ObjectAcl:Put',
      bucket,
      key,
      versionId,
      size,
      eTag,
      time,
      origin,
    });
  });
  return { status: 200 };
};

export const ACL_OPERATIONS: RouteTable = {
  'GET bucket acl': ['GetBucketAcl', getBucketAcl],
  'PUT bucket acl': ['PutBucketAcl', putBucketAcl],
  'GET object acl': ['GetObjectAcl', getObjectAcl],
  'PUT object acl': ['PutObjectAcl', putObjectAcl],
};
