import type { LambdaFunctionConfiguration, NotificationConfiguration } from '@aws-sdk/client-s3';
import { logGroupOf } from '../functionArn.ts';
import { bucketArn } from '../s3Uri.ts';
import { oneLine } from '../shellText.ts';
import type { DeploymentFacts } from './deploymentFacts.ts';
import { Hcl, hclBlock, type HclBlock, type HclBody, type HclValue } from './hclText.ts';
import { lambdaConfigurations } from './lambdaConfigurations.ts';

/**
 * A deployment as a Terraform configuration. What is there already is imported by it (`import` blocks,
 * Terraform 1.5), so that the first plan shows how that would change.
 */
export function terraform(facts: DeploymentFacts): string {
  const blocks: readonly (readonly [comments: readonly string[], block: HclBlock])[] = [
    [head(facts), settingsBlock],
    [[], providerBlock(facts)],
    ...variables(facts),
    ...destinationBlocks(facts),
    ...roleBlocks(facts),
    [[], logGroupBlock(facts)],
    [[], functionBlock(facts)],
    [[], permissionBlock(facts)],
    [notificationComment, notificationBlock(facts)],
    ...imports(facts),
  ];
  const texts = blocks.map(([comments, block]) =>
    [...comments.map(line => `# ${oneLine(line)}`), hclBlock(block)].join('\n'),
  );
  return `${texts.join('\n\n')}\n`;
}

function head({ function: { name, leftOut }, bucket }: DeploymentFacts): string[] {
  return [
    `Deploys the Lambda function ${name} for uploads to s3://${bucket}/.`,
    ...(leftOut.length === 0 ? [] : [`Not in here, set it yourself: ${leftOut.join(', ')}.`]),
  ];
}

const settingsBlock: HclBlock = {
  header: 'terraform',
  body: [
    ['required_version', '>= 1.5'],
    {
      header: 'required_providers',
      body: [['aws', { source: 'hashicorp/aws', version: '>= 5.0' }]],
    },
  ],
};

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

type Part = readonly [comments: readonly string[], block: HclBlock];

function variables({ function: { code, hiddenVariables } }: DeploymentFacts): Part[] {
  const path = { header: 'variable "zip"', body: zipBody(code.path ?? code.name) };
  if (hiddenVariables.length === 0) return [[[], path]];
  const type = ['type', new Hcl('map(string)')] as const;
  const names = `Variables of the function that may hold secrets: ${hiddenVariables.join(', ')}`;
  return [
    [[], path],
    [[], variable('variables', [['description', names], type, ['sensitive', true]])],
  ];
}

function zipBody(path: string): HclBody {
  return [
    ['description', 'The zip with the code of the function'],
    ['type', new Hcl('string')],
    ['default', path],
  ];
}

function variable(name: string, body: HclBody): HclBlock {
  return { header: `variable "${name}"`, body };
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
  const comment = 'Terraform deletes it only when it is empty.';
  return destination.exists
    ? []
    : [[[comment], resource('aws_s3_bucket', 'resized', [bucket, ...tagged(tags)])]];
}

function roleBlocks({ role, tags }: DeploymentFacts): Part[] {
  if ('arn' in role) return [];
  const { name, path, description, trust, policies, attached } = role;
  const own = new Hcl('aws_iam_role.resize.name');
  return [
    [
      [],
      resource('aws_iam_role', 'resize', [
        ['name', name],
        ...(path === '/' ? [] : [['path', path] as const]),
        ...(description === '' ? [] : [['description', description] as const]),
        ['assume_role_policy', jsonEncoded(trust)],
        ...tagged(tags),
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

function numbered(name: string, at: number): string {
  return at === 0 ? name : `${name}_${at + 1}`;
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

function logGroupBlock({ logGroup }: DeploymentFacts): HclBlock {
  return resource('aws_cloudwatch_log_group', 'resize', [
    ['name', logGroup.name],
    ['skip_destroy', true],
  ]);
}

function functionBlock(facts: DeploymentFacts): HclBlock {
  const { function: deployed, role, logGroup } = facts;
  const { environment, hiddenVariables } = deployed;
  const variables: HclValue =
    hiddenVariables.length === 0 ? environment : new Hcl(merged(environment));
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
    ...tagged(deployed.tags),
    ['depends_on', [new Hcl('aws_cloudwatch_log_group.resize')]],
    { header: 'environment', body: [['variables', variables]] },
    ...(logGroup.name === logGroupOf(deployed.name)
      ? []
      : [
          {
            header: 'logging_config',
            body: [
              ['log_format', 'Text'] as const,
              ['log_group', new Hcl('aws_cloudwatch_log_group.resize.name')] as const,
            ],
          },
        ]),
  ]);
}

function merged(environment: Readonly<Record<string, string>>): string {
  const [, ...lines] = hclBlock({ header: '', body: Object.entries(environment) }).split('\n');
  const inner = lines.slice(0, -1).map(line => `    ${line}\n`);
  return `merge(var.variables, {\n${inner.join('')}    })`;
}

function permissionBlock({ partition, bucket, accountId, permission }: DeploymentFacts): HclBlock {
  return resource('aws_lambda_permission', 'resize', [
    ['statement_id', permission.statementId],
    ['action', 'lambda:InvokeFunction'],
    ['function_name', new Hcl('aws_lambda_function.resize.function_name')],
    ['principal', 's3.amazonaws.com'],
    ['source_arn', bucketArn(partition, bucket)],
    ['source_account', accountId],
  ]);
}

const notificationComment = [
  'A bucket has one configuration of notifications, and this resource owns all of it: Terraform removes',
  'every entry that is not in here. So those of others are in here too, as they were when this was',
  'written. If others change theirs, add that before you apply.',
];

function notificationBlock({ bucket, entries, others }: DeploymentFacts): HclBlock {
  const own = new Hcl('aws_lambda_function.resize.arn');
  return resource('aws_s3_bucket_notification', 'source', [
    ['bucket', bucket],
    ...(others.EventBridgeConfiguration === undefined ? [] : [['eventbridge', true] as const]),
    ['depends_on', [new Hcl('aws_lambda_permission.resize')]],
    ...lambdaConfigurations(entries).map(entry =>
      entryBlock('lambda_function', entry, ['lambda_function_arn', own]),
    ),
    ...otherBlocks(others),
  ]);
}

function otherBlocks({
  LambdaFunctionConfigurations: functions = [],
  QueueConfigurations: queues = [],
  TopicConfigurations: topics = [],
}: NotificationConfiguration): HclBlock[] {
  return [
    ...functions.map(entry =>
      entryBlock('lambda_function', entry, ['lambda_function_arn', entry.LambdaFunctionArn ?? '']),
    ),
    ...queues.map(entry => entryBlock('queue', entry, ['queue_arn', entry.QueueArn ?? ''])),
    ...topics.map(entry => entryBlock('topic', entry, ['topic_arn', entry.TopicArn ?? ''])),
  ];
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

/** What is there already, by the ids that the provider's documentation gives under "Import". */
function imports(facts: DeploymentFacts): Part[] {
  const { function: deployed, role, permission, logGroup } = facts;
  const policies = 'name' in role && role.exists ? role : undefined;
  const all: (readonly [string, string])[] = [
    ...(policies === undefined ? [] : [['aws_iam_role.resize', policies.name] as const]),
    ...Object.keys(policies?.policies ?? {}).map(
      (name, at) =>
        [
          `aws_iam_role_policy.${numbered('resize', at)}`,
          `${policies?.name ?? ''}:${name}`,
        ] as const,
    ),
    ...(policies?.attached ?? []).map(
      (arn, at) =>
        [
          `aws_iam_role_policy_attachment.${numbered('resize', at)}`,
          `${policies?.name ?? ''}/${arn}`,
        ] as const,
    ),
    ...(logGroup.exists ? [['aws_cloudwatch_log_group.resize', logGroup.name] as const] : []),
    ...(deployed.exists ? [['aws_lambda_function.resize', deployed.name] as const] : []),
    ...(permission.exists
      ? [['aws_lambda_permission.resize', `${deployed.name}/${permission.statementId}`] as const]
      : []),
    ...(facts.hasNotifications
      ? [['aws_s3_bucket_notification.source', facts.bucket] as const]
      : []),
  ];
  return all.map(([to, id], at) => [
    at === 0 ? ['What is there already; when it has been applied, these can go.'] : [],
    {
      header: 'import',
      body: [
        ['to', new Hcl(to)],
        ['id', id],
      ],
    },
  ]);
}
