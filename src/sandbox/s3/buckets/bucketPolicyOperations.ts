import { AwsError } from '../../errors.ts';
import { principalCheck } from '../../iam/principalCheck.ts';
import type { RoleTable } from '../../iam/roleTable.ts';
import { textElement } from '../../xml.ts';
import { parseBucketPolicy } from '../access/bucketPolicy.ts';
import { isPublic } from '../access/publicPolicy.ts';
import type { Bucket } from '../store/buckets.ts';
import { permitted } from '../permitted.ts';
import { readDigestPlan, verifyBytes } from '../digestPlan.ts';
import type { RouteTable, S3Call, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';

const MAX_BODY = 64 * 1024;
const ROLE = /^arn:aws:iam::\d{12}:role\/.+$/;

interface Account {
  readonly accountId: string;
  readonly iam: RoleTable;
}

const putPolicy: S3Operation = async (services, call) => {
  permitted(services, call, 's3:PutBucketPolicy');
  const document = await readDocument(call);
  const policy = parseBucketPolicy(document, call.bucket, principalCheck(services));
  const bucket = findBucket(services, call.bucket);
  if (bucket.publicAccessBlock?.blockPublicPolicy && isPublic(policy)) {
    throw new AwsError(
      'AccessDenied',
      403,
      `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${s3Arn(call.bucket)}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
    );
  }
  const arns = policy.statements.flatMap(({ principals }) => principals?.aws ?? []);
  const roles = arns.flatMap(arn => {
    const role = ROLE.test(arn) ? services.iam.findByArn(arn) : undefined;
    return role ? [[arn, role.id] as const] : [];
  });
  services.s3.buckets.configure(bucket, {
    policy: { document, roles: Object.fromEntries(roles) },
  });
  return { status: 204 };
};

async function readDocument(call: S3Call): Promise<string> {
  const bytes = await call.request.body.bytes(MAX_BODY);
  await verifyBytes(bytes, readDigestPlan(call, 'CRC32'));
  return bytes.toString('utf8');
}

function storedPolicy(bucket: Bucket): NonNullable<Bucket['policy']> {
  if (bucket.policy) return bucket.policy;
  throw new AwsError('NoSuchBucketPolicy', 404, 'The bucket policy does not exist', {
    BucketName: bucket.name,
  });
}

const getPolicy: S3Operation = (services, call) => {
  const bucket = permitted(services, call, 's3:GetBucketPolicy');
  const { document, roles } = storedPolicy(bucket);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: shown(services, document, roles),
  };
};

/**
 * The policy as AWS shows it: without white space, accounts by their root's ARN, and roles that are gone
 * by their id (IAM user guide, "AWS JSON policy elements: Principal").
 */
function shown(
  { iam }: Account,
  document: string,
  roles: Readonly<Record<string, string>>,
): string {
  const name = (principal: unknown): unknown => {
    if (typeof principal !== 'string') return principal;
    if (/^\d{12}$/.test(principal)) return `arn:aws:iam::${principal}:root`;
    const id = roles[principal];
    return id === undefined || iam.findByArn(principal)?.id === id ? principal : id;
  };
  return JSON.stringify(JSON.parse(document), (key, value: unknown) => {
    if (key !== 'AWS') return value;
    return Array.isArray(value) ? value.map(name) : name(value);
  });
}

const getPolicyStatus: S3Operation = (services, call) => {
  const bucket = permitted(services, call, 's3:GetBucketPolicyStatus');
  const policy = parseBucketPolicy(storedPolicy(bucket).document, bucket.name, () => true);
  return xmlAnswer('PolicyStatus', textElement('IsPublic', isPublic(policy)));
};

const deletePolicy: S3Operation = (services, call) => {
  const bucket = permitted(services, call, 's3:DeleteBucketPolicy');
  services.s3.buckets.configure(bucket, { policy: undefined });
  return { status: 204 };
};

export const BUCKET_POLICY_OPERATIONS: RouteTable = {
  'GET bucket policy': ['GetBucketPolicy', getPolicy],
  'PUT bucket policy': ['PutBucketPolicy', putPolicy],
  'DELETE bucket policy': ['DeleteBucketPolicy', deletePolicy],
  'GET bucket policyStatus': ['GetBucketPolicyStatus', getPolicyStatus],
};
