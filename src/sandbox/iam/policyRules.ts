import { malformed } from './malformedPolicy.ts';
import type { Pattern } from './policy.ts';
import { parsePolicy } from './policy.ts';
import type { PrincipalCheck } from './principalCheck.ts';
import { matches } from './wildcard.ts';

/*
 * What IAM asks of a policy as it comes, besides that it can be evaluated. One that was stored before may be
 * otherwise, and is still evaluated.
 */

/** What a role's trust policy may allow (IAM user guide, "Actions, resources, and condition keys for AWS STS"). */
const TRUST_ACTIONS = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
];

/**
 * @param exists whom of the account it may name
 * @throws AwsError MalformedPolicyDocument
 */
export function checkTrustPolicy(document: string, exists: PrincipalCheck): void {
  for (const { effect, principals, actions, notActions } of parsePolicy(document, 'trust')
    .statements) {
    if (principals?.negated === true) {
      throw malformed(
        effect === 'Allow'
          ? 'Allow with NotPrincipal is not allowed.'
          : 'AssumeRole policy must not contain NotPrincipal field.',
      );
    }
    if (principals?.everyone === true && principals.aws.length === 0) {
      // Only `{ "AWS": "*" }` will do (aws/aws-cdk#5746).
      throw malformed('AssumeRolepolicy contained an invalid principal: "STAR":"*".');
    }
    const stranger = principals?.aws.find(name => name.startsWith('arn:') && !exists(name));
    if (stranger !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${stranger}"`);
    if ([...actions, ...(notActions ?? [])].every(isOfTrust)) continue;
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

/** `*` alone is none of them; whether `sts:*` is one for IAM is not documented. */
function isOfTrust({ text, tokens = [] }: Pattern): boolean {
  return text.startsWith('sts:') && TRUST_ACTIONS.some(action => matches(tokens, action));
}

/**
 * @param managed of a policy of its own: inline ones may still be of the older version
 * @throws AwsError MalformedPolicyDocument
 */
export function checkPermissions(document: string, managed: boolean): void {
  const policy = parsePolicy(document, 'identity');
  if (managed && policy.version !== '2012-10-17') {
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  }
  for (const { resources, notResources } of policy.statements) {
    for (const { text } of [...resources, ...(notResources ?? [])]) checkService(text);
  }
}

/** What has a Region in its ARN of S3 (service authorization reference, "Resource types defined by Amazon S3"). */
const REGIONAL =
  /^(accesspoint|job|storage-lens|storage-lens-group|access-grants|async-request)\/|^\*/;
const OF_IAM = [
  ...['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/'],
  ...['server-certificate/', 'policy/', 'sms-mfa/', 'saml-provider/', 'oidc-provider/'],
  ...['report/', 'access-report/'],
];

/** S3 and IAM have rules of their own for ARNs, in these words. */
function checkService(resource: string): void {
  // Variables have colons of their own.
  const [, , vendor, region, , ...rest] = resource.replace(/\$\{[^}]*\}/g, '*').split(':');
  const path = rest.join(':');
  if (vendor === 's3' && region !== '' && !REGIONAL.test(path)) {
    throw malformed(`Resource ${resource} can not contain region information.`);
  }
  if (vendor !== 'iam') return;
  if (region !== '') throw malformed(`IAM resource ${resource} cannot contain region information.`);
  if (path === '*' || OF_IAM.some(start => path.startsWith(start))) return;
  throw malformed(`IAM resource path must either be "*" or start with ${OF_IAM.join(', ')}.`);
}
