import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import {
  asciiJson,
  oneLine,
  placeOptions,
  placeVariables,
  queryLiteral,
  shellWord,
} from '../shellText.ts';
import { notificationQuery, runSettings, settingsQuery } from './cliQueries.ts';
import type { DeploymentFacts, PermissionFacts } from './deploymentFacts.ts';

/**
 * A deployment as a script for a POSIX shell and the AWS CLI, version 1 or 2: it makes what is not
 * there and changes what is, as the extension does, and takes nothing that others put into the bucket's
 * notifications. It may be pasted too: it runs in a shell of its own, so that a failure ends only that.
 *
 * Values of people go through JSON in single quotation marks, so that nothing in them means anything to
 * the shell, and none is read as an option or as the name of a file.
 */
export function cliScript(facts: DeploymentFacts, profile?: string): string {
  return [
    ...head(facts),
    '(',
    'set -eu',
    "export AWS_PAGER=''",
    '',
    ...variables(facts, profile),
    '',
    ...helpers(facts, profile),
    '',
    ...accountCheck,
    ...destinationPart(facts),
    ...rolePart(facts),
    ...functionPart(facts),
    ...permissionPart(facts),
    ...notificationPart(facts),
    "say 'Done.'",
    ')',
    '',
  ].join('\n');
}

function head({ function: { name, leftOut, hiddenVariables }, bucket }: DeploymentFacts): string[] {
  const missing = [...leftOut, ...hiddenVariables.map(variable => `the variable ${variable}`)];
  return [
    '#!/bin/sh',
    `# ${oneLine(`Deploys the Lambda function ${name} for uploads to s3://${bucket}/.`)}`,
    '# Requires the AWS CLI, version 1 or 2. Run it again after a change to update what exists.',
    ...(missing.length === 0
      ? []
      : [`# ${oneLine(`Not included; set these yourself: ${missing.join(', ')}.`)}`]),
  ];
}

function variables(facts: DeploymentFacts, profile: string | undefined): string[] {
  const { name, code } = facts.function;
  const { destination, role } = facts;
  const path = code.path === undefined ? '' : shellWord(code.path);
  return [
    ...placeVariables({ ...facts, profile }),
    `account=${shellWord(facts.accountId)}`,
    `bucket=${shellWord(facts.bucket)}`,
    ...(destination === undefined ? [] : [`destination=${shellWord(destination.bucket)}`]),
    ...('arn' in role ? [] : [`role=${shellWord(role.name)}`]),
    `function=${shellWord(name)}`,
    ...(code.path === undefined
      ? [
          '# The zip with its code; required to create the function or update its code:',
          '#   curl -o function.zip "$(aws lambda get-function --function-name NAME \\',
          '#     --query Code.Location --output text)"',
        ]
      : ['# The zip with its code; copy it to your repository.']),
    `zip=\${ZIP-${path}}`,
  ];
}

function helpers(facts: DeploymentFacts, profile: string | undefined): string[] {
  const options = placeOptions({ ...facts, profile });
  return [
    `aws() { command aws ${options} --output json "$@"; }`,
    `say() { printf '%s\\n' "$*" >&2; }`,
    'fail() { say "$@"; exit 1; }',
    '# Retries a command for a while if it fails with this text: new resources take time to propagate.',
    'retry() {',
    '  text=$1; shift; tries=0',
    '  until answer=$("$@" 2>&1); do',
    '    case $answer in *"$text"*) ;; *) fail "$answer" ;; esac',
    '    tries=$((tries + 1))',
    '    [ "$tries" -lt 20 ] || fail "$answer"',
    '    sleep 4',
    '  done',
    '}',
  ];
}

const accountCheck = [
  'caller=$(aws sts get-caller-identity --query Account --output text)',
  '[ "$caller" = "$account" ] || fail "These credentials belong to account $caller, not $account."',
  '',
];

/** us-east-1 is the one Region that S3 does not take as a constraint. */
function destinationPart({ destination, region, tags }: DeploymentFacts): string[] {
  if (destination === undefined) return [];
  const place =
    region === 'us-east-1' ? '' : ' --create-bucket-configuration "LocationConstraint=$region"';
  return [
    '# The bucket for the resized images',
    'if ! aws s3api head-bucket --bucket="$destination" >/dev/null 2>&1; then',
    `  aws s3api create-bucket --bucket="$destination"${place} >/dev/null`,
    ...(Object.keys(tags).length === 0
      ? []
      : [
          `  aws s3api put-bucket-tagging --bucket="$destination" --tagging ${json({ TagSet: tagList(tags) })}`,
        ]),
    'fi',
    '',
  ];
}

function rolePart({ role, tags: owner, bucket }: DeploymentFacts): string[] {
  if ('arn' in role) return [];
  const { name, path, description, trust, policies, attached, tags } = role;
  const { boundary, maxSessionSeconds } = role;
  const create = {
    RoleName: name,
    ...(path !== '/' && { Path: path }),
    ...(description !== '' && { Description: description }),
    AssumeRolePolicyDocument: JSON.stringify(trust),
    ...(boundary !== undefined && { PermissionsBoundary: boundary }),
    ...(maxSessionSeconds !== undefined && { MaxSessionDuration: maxSessionSeconds }),
    ...(Object.keys(tags).length > 0 && { Tags: tagList(tags) }),
  };
  const tag = queryLiteral(DEPLOYMENT_TAG);
  const find = `aws iam list-role-tags --role-name="$role" --query 'Tags[?Key==${tag}].Value | [0]' --output text 2>/dev/null`;
  return [
    "# The function's execution role and its permissions",
    `if owner=$(${find}); then`,
    ...ownership(owner, bucket, 'The role $role'),
    'else',
    `  aws iam create-role --cli-input-json ${json(create)} >/dev/null`,
    'fi',
    ...Object.entries(policies).map(([PolicyName, document]) => {
      const put = { RoleName: name, PolicyName, PolicyDocument: JSON.stringify(document) };
      return `aws iam put-role-policy --cli-input-json ${json(put)}`;
    }),
    ...attached.map(
      arn => `aws iam attach-role-policy --role-name="$role" --policy-arn=${shellWord(arn)}`,
    ),
    '',
  ];
}

/** As the extension does, nothing is changed that someone else made under the same name. */
function ownership(tags: Readonly<Record<string, string>>, bucket: string, what: string): string[] {
  if (tags[DEPLOYMENT_TAG] !== bucket) return ['  :'];
  return [
    `  [ "$owner" = "$bucket" ] || fail "${what} wasn't created for $bucket: choose another name."`,
  ];
}

function functionPart(facts: DeploymentFacts): string[] {
  const { architecture, reservedConcurrency: reserved } = facts.function;
  const at = '--function-name="$function"';
  const tag = `Tags.${JSON.stringify(DEPLOYMENT_TAG)}`;
  const find = `aws lambda get-function ${at} --query 'Tags && ${tag}' --output text 2>/dev/null`;
  const zip = '--zip-file "fileb://$zip"';
  return [
    "# The function's code and settings; environment variables that others set are kept",
    `if owner=$(${find}); then`,
    ...ownership(facts.tags, facts.bucket, 'The function $function'),
    `  aws lambda wait function-updated-v2 ${at}`,
    '  if [ -n "$zip" ]; then',
    `    aws lambda update-function-code ${at} --architectures ${shellWord(architecture)} ${zip} >/dev/null`,
    `    aws lambda wait function-updated-v2 ${at}`,
    '  fi',
    `  hidden=$(aws lambda get-function-configuration ${at} --query Environment.Error.ErrorCode --output text)`,
    '  [ "$hidden" = None ] || fail "Can\'t read the environment variables of $function: $hidden"',
    `  settings=$(aws lambda get-function-configuration ${at} --query '${settingsQuery(facts)}')`,
    '  retry \'cannot be assumed\' aws lambda update-function-configuration --cli-input-json "$settings"',
    `  aws lambda wait function-updated-v2 ${at}`,
    'else',
    '  [ -n "$zip" ] || fail "Set ZIP to the zip with the function\'s code: ZIP=function.zip"',
    `  retry 'cannot be assumed' aws lambda create-function --cli-input-json ${json(newFunction(facts))} ${zip}`,
    `  aws lambda wait function-active-v2 ${at}`,
    ...(reserved === undefined
      ? []
      : [
          `  aws lambda put-function-concurrency ${at} --reserved-concurrent-executions ${reserved} >/dev/null`,
        ]),
    'fi',
    '',
  ];
}

function newFunction(facts: DeploymentFacts): object {
  const { name, description, architecture, environment, tags, settings } = facts.function;
  return {
    FunctionName: name,
    ...(description !== '' && { Description: description }),
    ...runSettings(facts),
    Architectures: [architecture],
    Environment: { Variables: environment },
    ...settings,
    ...(Object.keys(tags).length > 0 && { Tags: tags }),
  };
}

function permissionPart(facts: DeploymentFacts): string[] {
  return [
    '# Allows S3 to invoke the function, for events from this bucket only',
    ...facts.permissions.flatMap(permission => permissionLines(facts, permission)),
    '',
  ];
}

function permissionLines(
  facts: DeploymentFacts,
  { qualifier, statementId, sourceArn, sourceAccount }: PermissionFacts,
): string[] {
  const add = {
    FunctionName: facts.function.name,
    Qualifier: qualifier,
    StatementId: statementId,
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: sourceArn,
    SourceAccount: sourceAccount,
  };
  const of = qualifier === undefined ? '' : ` --qualifier=${shellWord(qualifier)}`;
  return [
    `policy=$(aws lambda get-policy --function-name="$function"${of} --query Policy --output text 2>/dev/null || :)`,
    `case $policy in *${shellWord(`"${statementId}"`)}*) ;; *)`,
    `  aws lambda add-permission --cli-input-json ${json(add)} >/dev/null ;;`,
    'esac',
  ];
}

/**
 * S3 replaces the whole configuration (API reference, PutBucketNotificationConfiguration): what others
 * put there is read and sent along, just before it is written.
 */
function notificationPart(facts: DeploymentFacts): string[] {
  return [
    '# S3 replaces all event notifications at once, so the others are sent along',
    'notify() {',
    '  all=$(aws s3api get-bucket-notification-configuration --bucket="$bucket" \\',
    `    --query '${notificationQuery(facts)}') || return`,
    '  aws s3api put-bucket-notification-configuration --bucket="$bucket" --notification-configuration "$all"',
    '}',
    "retry 'Unable to validate the following destination' notify",
  ];
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function json(value: object): string {
  return shellWord(asciiJson(value));
}
