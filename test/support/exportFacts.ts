import type { DeploymentFacts, OwnRole } from '../../src/aws/export/deploymentFacts.ts';
import { lambdaConfigurations } from '../../src/aws/export/lambdaConfigurations.ts';

/** A text in which every syntax has something of its own. */
export const AWKWARD = `it's "$HOME" \${a} %{b} \\ {key}\n- #: ü 한 😀\u2028\u0085\tyes`;
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';
export const ENTRY = {
  id: 'bucket-brigade-resize-jpg',
  destination: { kind: 'lambda' as const, arn: ARN },
  events: ['s3:ObjectCreated:*'],
  prefix: AWKWARD,
  suffix: '.jpg',
};
/** A deployment of which nothing is there yet. */
export const NEW: DeploymentFacts = {
  ...{ partition: 'aws', region: 'eu-west-1', accountId: '123456789012', bucket: 'images' },
  destination: { bucket: 'images-resized', exists: false },
  function: {
    ...{ name: 'resize', exists: false, description: AWKWARD, runtime: 'nodejs24.x' },
    ...{
      handler: 'index.handler',
      architecture: 'arm64',
      memoryMegabytes: 1536,
      timeoutSeconds: 60,
    },
    environment: { DESTINATION_BUCKET: 'images-resized', KEY_TEMPLATE: AWKWARD },
    hiddenVariables: ['API_KEY'],
    tags: { 'bucket-brigade:deployment': 'images' },
    code: { name: 'resize-arm64.zip' },
    settings: {},
    leftOut: [],
  },
  role: {
    ...{ name: 'resize-role', path: '/service/', exists: false, description: 'on' },
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    policies: {
      Resize: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::images/${*}a/*' },
          {
            Effect: 'Allow',
            Action: ['logs:*'],
            Resource: ['arn:aws:logs:eu-west-1:123456789012:*'],
          },
        ],
      },
    },
    existingPolicies: [],
    attached: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
    tags: { 'bucket-brigade:deployment': 'images' },
  },
  permissions: [
    {
      ...{ statementId: 'bucket-brigade-images', exists: false },
      ...{ sourceArn: 'arn:aws:s3:::images', sourceAccount: '123456789012' },
    },
  ],
  entries: [ENTRY],
  notifications: {
    EventBridgeConfiguration: {},
    LambdaFunctionConfigurations: lambdaConfigurations([ENTRY]),
    QueueConfigurations: [
      {
        Id: 'theirs',
        QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:q',
        Events: ['s3:ObjectRemoved:*'],
        Filter: { Key: { FilterRules: [{ Name: 'Prefix' as 'prefix', Value: 'a+b/' }] } },
      },
    ],
  },
  hasNotifications: true,
  logGroup: { name: '/custom/group', exists: false },
  tags: { 'bucket-brigade:deployment': 'images' },
};
/** One that was made by hand, with everything that a function can have. */
export const DEPLOYED: DeploymentFacts = {
  ...NEW,
  destination: { bucket: 'images-resized', exists: true },
  function: {
    ...NEW.function,
    exists: true,
    settings: {
      VpcConfig: {
        SubnetIds: ['subnet-0123456789abcdef0'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
      Layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:fonts:7'],
      FileSystemConfigs: [
        {
          Arn: 'arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0',
          LocalMountPath: '/mnt/fonts',
        },
      ],
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' },
      KMSKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555',
      TracingConfig: { Mode: 'Active' },
      EphemeralStorage: { Size: 1024 },
      LoggingConfig: {
        ...{ LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
        LogGroup: '/aws/lambda/resize',
      },
    },
    reservedConcurrency: 5,
  },
  role: {
    ...(NEW.role as OwnRole),
    exists: true,
    existingPolicies: ['Resize'],
    boundary: 'arn:aws:iam::123456789012:policy/boundary',
    maxSessionSeconds: 7200,
  },
  permissions: NEW.permissions.map(permission => ({ ...permission, exists: true })),
  logGroup: { name: '/aws/lambda/resize', exists: true, retentionDays: 14 },
};
/** One whose bucket invokes the function itself for some uploads, and aliases of it for others. */
export const ALIASED: DeploymentFacts = {
  ...DEPLOYED,
  permissions: [
    ...DEPLOYED.permissions,
    ...['canary', 'live'].flatMap(qualifier =>
      DEPLOYED.permissions.map(permission => ({
        ...permission,
        qualifier,
        exists: qualifier === 'live',
      })),
    ),
  ],
  entries: [ENTRY, aliased('canary', '.png'), aliased('live', '.webp')],
  notifications: {
    LambdaFunctionConfigurations: lambdaConfigurations([
      ...[ENTRY, aliased('canary', '.png'), aliased('live', '.webp')],
    ]),
  },
};

function aliased(qualifier: string, suffix: string) {
  const destination = { kind: 'lambda' as const, arn: `${ARN}:${qualifier}` };
  return { ...ENTRY, id: `to-${qualifier}`, destination, suffix };
}
