import type { LambdaFunctionConfiguration } from '@aws-sdk/client-s3';
import { RUNTIME } from '../deployment/runtime.ts';
import { oneLine } from '../shellText.ts';
import type { DeploymentFacts } from './deploymentFacts.ts';
import { Hcl, hclBlock, hclString, type HclBlock, type HclBody, type HclValue } from './hclText.ts';
import { isOwnFunction } from './isOwnFunction.ts';
import { settingsBody } from './terraformSettings.ts';
import { imports } from './terraformImports.ts';
import { numbered, type Part } from './terraformParts.ts';

/**
 * A deployment as a Terraform configuration. What is there already is imported by it (`import` blocks,
 * Terraform 1.5), so that the first plan shows how that would change.
 */
export function terraform(facts: DeploymentFacts): string {
  const blocks: readonly Part[] = [
    [head(facts), settingsBlock(facts)],
    [[], providerBlock(facts)],
    [[], zipVariable(facts)],
    ...destinationBlocks(facts),
    ...roleBlocks(facts),
    ...logGroupBlocks(facts),
    [functionComment(facts), functionBlock(facts)],
    ...permissionBlocks(facts),
    [notificationComment, notificationBlock(facts)],
    ...imports(facts),
  ];
  const texts = blocks.map(([comments, block]) =>
    [...comments.map(line => `# ${oneLine(line)}`), hclBlock(block)].join('\n'),
  );
  return `${texts.join('\n\n')}\n`;
}

function head({ function: deployed, bucket, logGroup }: DeploymentFacts): string[] {
  const { name, leftOut, code } = deployed;
  return [
    `Deploys the Lambda function ${name} for uploads to s3://${bucket}/.`,
    ...(leftOut.length === 0 ? [] : [`Not included; set it yourself: ${leftOut.join(', ')}.`]),
    ...(code.path === undefined
      ? [
          'Only Lambda has its zip. To download it:',
          `  curl -o '${code.name}' "$(aws lambda get-function --function-name ${name} --query Code.Location --output text)"`,
        ]
      : []),
    ...(logGroup.exists
      ? [`The log group ${logGroup.name} already exists and isn’t managed here.`]
      : []),
  ];
}

/** The first provider that knows the runtime of the bundled functions. */
function settingsBlock({ function: { runtime } }: DeploymentFacts): HclBlock {
  const version = runtime === RUNTIME ? '>= 6.19' : '>= 5.0';
  return {
    header: 'terraform',
    body: [
      ['required_version', '>= 1.5'],
      {
        header: 'required_providers',
        body: [['aws', { source: 'hashicorp/aws', version }]],
      },
    ],
  };
}

/** A provider for any other account would plan to make all of it there. */
function providerBlock({ region, accountId, endpoint }: DeploymentFacts): HclBlock {
  const services = ['s3', 'iam', 'lambda', 'logs', 'sts'] as const;
  return {
    header: 'provider "aws"',
    body: [
      ['region', region],
      ...(accountId === '' ? [] : [['allowed_account_ids', [accountId]] as const]),
      ...(endpoint === undefined
        ? []
        : [
            ['s3_use_path_style', true] as const,
            { header: 'endpoints', body: services.map(name => [name, endpoint] as const) },
          ]),
    ],
  };
}

function zipVariable({ function: { code } }: DeploymentFacts): HclBlock {
  return {
    header: 'variable "zip"',
    body: [
      ['description', 'The zip with the code of the function'],
      ['type', new Hcl('string')],
      ['default', code.path ?? code.name],
    ],
  };
}

function resource(type: string, name: string, body: HclBody): HclBlock {
  return { header: `resource "${type}" "${name}"`, body };
}

function tagged(tags: Readonly<Record<string, string>>): HclBody {
  return Object.keys(tags).length === 0 ? [] : [['tags', tags]];
}

function destinationBlocks({ destination, tags }: DeploymentFacts): Part[] {
  if (destination === undefined) return [];
  const bucket = ['bucket', destination.bucket] as const;
  const comment = 'Terraform deletes it only if it is empty.';
  return destination.exists
    ? []
    : [[[comment], resource('aws_s3_bucket', 'resized', [bucket, ...tagged(tags)])]];
}

function roleBlocks({ role }: DeploymentFacts): Part[] {
  if ('arn' in role) return [];
  const { name, path, description, trust, policies, attached, boundary, maxSessionSeconds } = role;
  const own = new Hcl('aws_iam_role.resize.name');
  return [
    [
      [],
      resource('aws_iam_role', 'resize', [
        ['name', name],
        ...(path === '/' ? [] : [['path', path] as const]),
        ...(description === '' ? [] : [['description', description] as const]),
        ['assume_role_policy', jsonEncoded(trust)],
        ...(boundary === undefined ? [] : [['permissions_boundary', boundary] as const]),
        ...(maxSessionSeconds === undefined
          ? []
          : [['max_session_duration', maxSessionSeconds] as const]),
        ...tagged(role.tags),
      ]),
    ],
    ...Object.entries(policies).map(([policy, document], at): Part => [
      [],
      resource('aws_iam_role_policy', numbered('resize', at), [
        ['name', policy],
        ['role', own],
        ['policy', jsonEncoded(document)],
      ]),
    ]),
    ...attached.map((arn, at): Part => [
      [],
      resource('aws_iam_role_policy_attachment', numbered('resize', at), [
        ['role', own],
        ['policy_arn', arn],
      ]),
    ]),
  ];
}

function jsonEncoded(document: object): HclValue {
  const [line = '', ...lines] = hclBlock({
    header: '',
    body: Object.entries(document as Record<string, HclValue>),
  })
    .trimStart()
    .split('\n');
  return new Hcl(`jsonencode(${[line, ...lines.map(text => `  ${text}`)].join('\n')})`);
}

/**
 * One that is there is not taken over: its logs would be deleted with the rest, for `skip_destroy` can't
 * be imported.
 */
function logGroupBlocks({ logGroup }: DeploymentFacts): Part[] {
  if (logGroup.exists) return [];
  const block = resource('aws_cloudwatch_log_group', 'resize', [
    ['name', logGroup.name],
    ['skip_destroy', true],
  ]);
  return [[[], block]];
}

function functionComment({ function: { exists, hiddenVariables } }: DeploymentFacts): string[] {
  if (!exists) return [];
  return [
    'Its code isn’t changed, because Terraform can’t read the zip that Lambda has. To deploy code with',
    'Terraform, remove filename and source_code_hash from ignore_changes.',
    ...(hiddenVariables.length === 0
      ? []
      : [
          `Not included, because they may contain secrets, and not changed: ${hiddenVariables.join(', ')}.`,
        ]),
  ];
}

function functionBlock(facts: DeploymentFacts): HclBlock {
  const { function: deployed, role, logGroup } = facts;
  const { environment, settings, reservedConcurrency: reserved } = deployed;
  const group = new Hcl('aws_cloudwatch_log_group.resize');
  return resource('aws_lambda_function', 'resize', [
    ['function_name', deployed.name],
    ...(deployed.description === '' ? [] : [['description', deployed.description] as const]),
    ['runtime', deployed.runtime],
    ['handler', deployed.handler],
    ['architectures', [deployed.architecture]],
    ['memory_size', deployed.memoryMegabytes],
    ['timeout', deployed.timeoutSeconds],
    ['role', 'arn' in role ? role.arn : new Hcl('aws_iam_role.resize.arn')],
    ['filename', new Hcl('var.zip')],
    ['source_code_hash', new Hcl('filebase64sha256(var.zip)')],
    ...(reserved === undefined ? [] : [['reserved_concurrent_executions', reserved] as const]),
    ...tagged(deployed.tags),
    ...(logGroup.exists ? [] : [['depends_on', [group]] as const]),
    ...(hasVariables(deployed)
      ? [{ header: 'environment', body: [['variables', environment] as const] }]
      : []),
    ...settingsBody(settings),
    ...(deployed.exists ? [lifecycle(deployed)] : []),
  ]);
}

function hasVariables({ environment, hiddenVariables }: DeploymentFacts['function']): boolean {
  return hiddenVariables.length > 0 || Object.keys(environment).length > 0;
}

/**
 * What an import doesn't read, so that the first plan would change it, and the variables whose values
 * are not in here.
 */
function lifecycle({ hiddenVariables }: DeploymentFacts['function']): HclBlock {
  const variables = hiddenVariables.map(name => `environment[0].variables[${hclString(name)}]`);
  const ignored = ['filename', 'publish', 'source_code_hash', ...variables];
  return { header: 'lifecycle', body: [['ignore_changes', ignored.map(text => new Hcl(text))]] };
}

function permissionBlocks({ permissions }: DeploymentFacts): Part[] {
  return permissions.map(({ qualifier, statementId, sourceArn, sourceAccount }, at): Part => [
    [],
    resource('aws_lambda_permission', numbered('resize', at), [
      ['statement_id', statementId],
      ['action', 'lambda:InvokeFunction'],
      ['function_name', new Hcl('aws_lambda_function.resize.function_name')],
      ...(qualifier === undefined ? [] : [['qualifier', qualifier] as const]),
      ['principal', 's3.amazonaws.com'],
      ['source_arn', sourceArn],
      ...(sourceAccount === undefined ? [] : [['source_account', sourceAccount] as const]),
    ]),
  ]);
}

const notificationComment = [
  'A bucket has one notification configuration, and this resource owns all of it: Terraform removes',
  'every entry that isn’t listed here. So the others are listed too, as of when this file was written.',
  'If they change, update this file before you apply.',
];

/** In the order that S3 has them, which the provider compares. */
function notificationBlock(facts: DeploymentFacts): HclBlock {
  const {
    EventBridgeConfiguration: eventBridge,
    LambdaFunctionConfigurations: functions = [],
    QueueConfigurations: queues = [],
    TopicConfigurations: topics = [],
  } = facts.notifications;
  const own = new Hcl('aws_lambda_function.resize.arn');
  return resource('aws_s3_bucket_notification', 'source', [
    ['bucket', facts.bucket],
    ...(eventBridge === undefined ? [] : [['eventbridge', true] as const]),
    ['depends_on', permissionsOf(facts)],
    ...functions.map(entry => {
      const arn = entry.LambdaFunctionArn ?? '';
      const value = isOwnFunction(facts, arn) ? own : arn;
      return entryBlock('lambda_function', entry, ['lambda_function_arn', value]);
    }),
    ...queues.map(entry => entryBlock('queue', entry, ['queue_arn', entry.QueueArn ?? ''])),
    ...topics.map(entry => entryBlock('topic', entry, ['topic_arn', entry.TopicArn ?? ''])),
  ]);
}

function permissionsOf({ permissions }: DeploymentFacts): Hcl[] {
  return permissions.map((_, at) => new Hcl(`aws_lambda_permission.${numbered('resize', at)}`));
}

/** Filters are as S3 has them, encoded as keys of events are. */
function entryBlock(
  header: string,
  { Id = '', Events = [], Filter }: Omit<LambdaFunctionConfiguration, 'LambdaFunctionArn'>,
  destination: readonly [string, HclValue],
): HclBlock {
  const rules = (Filter?.Key?.FilterRules ?? []).map(
    ({ Name = '', Value = '' }) => [`filter_${Name.toLowerCase()}`, Value] as const,
  );
  return { header, body: [['id', Id], destination, ['events', [...Events]], ...rules] };
}
