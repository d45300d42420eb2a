import { AwsError, notImplemented } from '../../errors.ts';
import { header } from '../../request.ts';
import type { XmlElement } from '../../xml.ts';
import { childOf, childText, childrenOf, parseXml } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import { readDigestPlan, verifyBytes } from '../digestPlan.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { S3Call } from '../s3Call.ts';
import type { Acl, AclPermission, Grant } from '../store/acl.ts';
import { ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY } from '../store/acl.ts';
import { cannedAcl } from './cannedAcl.ts';

const GRANT_HEADERS: readonly (readonly [string, AclPermission])[] = [
  ['x-amz-grant-full-control', 'FULL_CONTROL'],
  ['x-amz-grant-read', 'READ'],
  ['x-amz-grant-read-acp', 'READ_ACP'],
  ['x-amz-grant-write', 'WRITE'],
  ['x-amz-grant-write-acp', 'WRITE_ACP'],
];
const PERMISSIONS: ReadonlySet<string> = new Set(GRANT_HEADERS.map(([, permission]) => permission));
const GROUPS: ReadonlySet<string> = new Set([ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY]);
const MAX_BODY = 64 * 1024;

/**
 * The ACL that a request's headers give, canned or by grants; undefined when they give none.
 * @param owner the account's canonical id, the only one that there is
 * @throws AwsError as recorded from S3
 */
export function aclOfHeaders({ request }: Pick<S3Call, 'request'>, owner: string): Acl | undefined {
  const canned = header(request, 'x-amz-acl');
  const grants = GRANT_HEADERS.flatMap(([name, permission]) => {
    const value = header(request, name);
    return value === undefined ? [] : readGrants(name, value, permission, owner);
  });
  if (canned !== undefined && grants.length > 0) {
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed');
  }
  if (canned !== undefined) return cannedAcl(canned, owner);
  return grants.length > 0 ? grants : undefined;
}

function readGrants(
  name: string,
  value: string,
  permission: AclPermission,
  owner: string,
): Grant[] {
  return value.split(',').map(part => {
    const [, kind = '', text = ''] = /^\s*(\w+)\s*=\s*"?([^"]*)"?\s*$/.exec(part) ?? [];
    if (kind === 'uri') return { grantee: { group: checkedGroup(text, 'uri') }, permission };
    if (kind === 'id') return { grantee: { id: checkedId(text, owner, 'id') }, permission };
    if (kind === 'emailAddress') throw notImplemented(`${name} with an emailAddress`);
    throw invalidArgument('Argument format not recognized', name, value);
  });
}

function checkedGroup(uri: string, argument: string): string {
  if (GROUPS.has(uri)) return uri;
  throw invalidArgument('Invalid group uri', argument, uri);
}

function checkedId(id: string, owner: string, argument: string): string {
  if (id === owner) return id;
  throw invalidArgument('Invalid id', argument, id);
}

/**
 * The ACL that a PutBucketAcl or PutObjectAcl gives, in its headers or its body.
 * @throws AwsError as recorded from S3
 */
export async function readAcl(call: S3Call, owner: string): Promise<Acl> {
  const given = aclOfHeaders(call, owner);
  const bytes = await call.request.body.bytes(MAX_BODY);
  if (given && bytes.length > 0) {
    throw new AwsError('UnexpectedContent', 400, 'This request does not support content');
  }
  if (given) return given;
  if (bytes.length === 0) {
    throw new AwsError('MissingSecurityHeader', 400, 'Your request was missing a required header', {
      MissingHeaderName: 'x-amz-acl',
    });
  }
  await verifyBytes(bytes, readDigestPlan(call, 'CRC32'));
  return aclOfBody(bytes.toString('utf8'), owner);
}

/** The reader of XML keeps no attributes, and of a grantee's only its type counts. */
const TYPES = /\btype\s*=\s*["'](?:CanonicalUser|Group)["']/g;

function aclOfBody(text: string, owner: string): Acl {
  const root = parsed(text);
  const grants = childrenOf(childOf(root, 'AccessControlList'), 'Grant');
  const ownerId = childText(childOf(root, 'Owner'), 'ID');
  if (ownerId === undefined || !childOf(root, 'AccessControlList')) throw malformedAcl();
  if (text.includes('AmazonCustomerByEmail')) throw notImplemented('an ACL with an emailAddress');
  if ((text.match(TYPES) ?? []).length !== grants.length) throw malformedAcl();
  const permissions = grants.map(grant => childText(grant, 'Permission') ?? '');
  if (!permissions.every(permission => PERMISSIONS.has(permission))) throw malformedAcl();
  checkedId(ownerId, owner, 'CanonicalUser/ID');
  return grants.map((grant, index) => ({
    grantee: readGrantee(childOf(grant, 'Grantee'), owner),
    permission: permissions[index] as AclPermission,
  }));
}

const POLICY: XmlShape = {
  Owner: { ID: 'text', DisplayName: 'text' },
  AccessControlList: {
    'Grant*': {
      Grantee: { ID: 'text', DisplayName: 'text', URI: 'text', EmailAddress: 'text' },
      Permission: 'text',
    },
  },
};

function parsed(text: string): XmlElement {
  try {
    return parseXml(text, ['AccessControlPolicy', POLICY]);
  } catch {
    throw malformedAcl();
  }
}

function readGrantee(grantee: XmlElement | undefined, owner: string): Grant['grantee'] {
  const [uri, id] = [childText(grantee, 'URI'), childText(grantee, 'ID')];
  if (uri !== undefined) return { group: checkedGroup(uri, 'Group/URI') };
  if (id !== undefined) return { id: checkedId(id, owner, 'CanonicalUser/ID') };
  throw malformedAcl();
}

function malformedAcl(): AwsError {
  return new AwsError(
    'MalformedACLError',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
