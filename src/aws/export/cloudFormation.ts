import { bucketArn } from '../s3Uri.ts';
import { oneLine } from '../shellText.ts';
import { HANDLER, RUNTIME } from '../deployment/runtime.ts';
import type { DeploymentFacts } from './deploymentFacts.ts';
import type { FunctionSettings } from './functionSettings.ts';
import { lambdaConfigurations } from './lambdaConfigurations.ts';
import { NOTIFICATION_HANDLER } from './notificationHandler.ts';
import { portable } from './portable.ts';
import { yamlText, type Json } from './yamlText.ts';

type Section = Record<string, Json>;

/**
 * A deployment as a CloudFormation template. The bucket with the images stays what it is: a custom
 * resource adds the stack's notifications to those of others, and removes its own alone.
 */
export function cloudFormation(facts: DeploymentFacts): string {
  const template = cloudFormationTemplate(facts);
  return `${[...head(facts), yamlText(template)].join('\n')}\n`;
}

/** The template as a value. */
export function cloudFormationTemplate(facts: DeploymentFacts): Section {
  const { function: deployed, bucket } = facts;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: oneLine(`Lambda function ${deployed.name} for uploads to ${bucket}`),
    Parameters: parameters(facts),
    Resources: resources(facts),
    Outputs: { FunctionArn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
  };
}

function head(facts: DeploymentFacts): string[] {
  const { name, code, leftOut, hiddenVariables } = facts.function;
  const source = code.path ?? code.name;
  const there = existing(facts);
  return [
    `Deploys the Lambda function ${name} for uploads to s3://${facts.bucket}/, in ${facts.region}.`,
    'Copy its zip into a bucket of that Region and name both:',
    `  aws s3 cp '${source}' s3://BUCKET/${code.name}`,
    '  aws cloudformation deploy --template-file template.yaml --stack-name NAME \\',
    '    --capabilities CAPABILITY_NAMED_IAM --parameter-overrides CodeBucket=BUCKET',
    ...(there.length === 0
      ? []
      : [
          `These are there already: ${there.join(', ')}.`,
          'A stack can’t make them again: import them into it, remove them first, or change the names.',
        ]),
    ...(leftOut.length === 0 ? [] : [`Not in here, set it yourself: ${leftOut.join(', ')}.`]),
    ...(hiddenVariables.length === 0
      ? []
      : ['Variables of the function that may hold secrets are parameters.']),
  ].map(line => `# ${oneLine(line)}`);
}

function existing({ function: deployed, role, logGroup, destination }: DeploymentFacts): string[] {
  return [
    ...(deployed.exists ? [`function ${deployed.name}`] : []),
    ...('name' in role && role.exists ? [`role ${role.name}`] : []),
    ...(logGroup.exists ? [`log group ${logGroup.name}`] : []),
    ...(destination?.exists === true ? [`bucket ${destination.bucket} (not in the template)`] : []),
  ];
}

function parameters({ function: { code, hiddenVariables }, role }: DeploymentFacts): Section {
  return {
    CodeBucket: { Type: 'String', Description: 'The bucket with the zip of the function' },
    CodeKey: { Type: 'String', Default: code.name, Description: 'The key of the zip' },
    ...('arn' in role && {
      RoleArn: { Type: 'String', Default: role.arn, Description: 'The role of the function' },
    }),
    ...Object.fromEntries(
      hiddenVariables.map((name, at) => [
        `Variable${at + 1}`,
        { Type: 'String', NoEcho: true, Description: `The function's variable ${name}` },
      ]),
    ),
  };
}

function resources(facts: DeploymentFacts): Section {
  const { destination, role, logGroup } = facts;
  return {
    ...(destination?.exists === false && {
      Destination: {
        Type: 'AWS::S3::Bucket',
        // With what is in it.
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { BucketName: destination.bucket, ...tagged(facts.tags) },
      },
    }),
    ...('name' in role && { Role: roleResource(facts, role) }),
    LogGroup: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        LogGroupName: logGroup.name,
        ...(logGroup.retentionDays !== undefined && { RetentionInDays: logGroup.retentionDays }),
      },
    },
    Function: functionResource(facts),
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: portable(bucketArn(facts.partition, facts.bucket), facts),
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    },
    ...notificationResources(facts),
  };
}

function roleResource(
  facts: DeploymentFacts,
  role: Extract<DeploymentFacts['role'], { name: string }>,
): Json {
  const { name, path, description, trust, policies, attached, boundary, maxSessionSeconds } = role;
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      ...(path !== '/' && { Path: path }),
      ...(description !== '' && { Description: description }),
      AssumeRolePolicyDocument: trust as Json,
      ...(Object.keys(policies).length > 0 && {
        Policies: Object.entries(policies).map(([PolicyName, document]) => ({
          PolicyName,
          PolicyDocument: portable(document as Json, facts),
        })),
      }),
      ...(attached.length > 0 && { ManagedPolicyArns: portable(attached, facts) }),
      ...(boundary !== undefined && { PermissionsBoundary: portable(boundary, facts) }),
      ...(maxSessionSeconds !== undefined && { MaxSessionDuration: maxSessionSeconds }),
      ...tagged(role.tags),
    },
  };
}

function functionResource(facts: DeploymentFacts): Json {
  const { function: deployed, role } = facts;
  const { environment, hiddenVariables, settings, reservedConcurrency: reserved } = deployed;
  const hidden = hiddenVariables.map((name, at) => [name, { Ref: `Variable${at + 1}` }] as const);
  return {
    Type: 'AWS::Lambda::Function',
    // Else Lambda would make the log group first.
    DependsOn: ['LogGroup'],
    Properties: {
      FunctionName: deployed.name,
      ...(deployed.description !== '' && { Description: deployed.description }),
      Runtime: deployed.runtime,
      Handler: deployed.handler,
      Architectures: [deployed.architecture],
      MemorySize: deployed.memoryMegabytes,
      Timeout: deployed.timeoutSeconds,
      Role: 'arn' in role ? { Ref: 'RoleArn' } : { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } },
      Environment: { Variables: { ...environment, ...Object.fromEntries(hidden) } },
      ...settingsOf(settings, facts),
      ...(reserved !== undefined && { ReservedConcurrentExecutions: reserved }),
      ...tagged(deployed.tags),
    },
  };
}

/** CloudFormation has the API's names, but for one; the log group is the template's. */
function settingsOf({ KMSKeyArn: key, ...settings }: FunctionSettings, facts: DeploymentFacts) {
  const logging = settings['LoggingConfig'] as Section | undefined;
  return {
    ...(portable(settings, facts) as Section),
    ...(key !== undefined && { KmsKeyArn: portable(key, facts) }),
    ...(logging !== undefined && { LoggingConfig: { ...logging, LogGroup: { Ref: 'LogGroup' } } }),
  };
}

/** A function with the least that it needs, and the resource that it is called for. */
function notificationResources(facts: DeploymentFacts): Section {
  const source = portable(bucketArn(facts.partition, facts.bucket), facts);
  const basic = 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  return {
    NotificationRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        },
        ManagedPolicyArns: [{ 'Fn::Sub': basic }],
        Policies: [
          {
            PolicyName: 'Notifications',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['s3:GetBucketNotification', 's3:PutBucketNotification'],
                  Resource: source,
                },
              ],
            },
          },
        ],
      },
    },
    NotificationFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Description: 'Adds the notifications of this stack to a bucket, and keeps those of others',
        Runtime: RUNTIME,
        Handler: HANDLER,
        Timeout: 60,
        Role: { 'Fn::GetAtt': ['NotificationRole', 'Arn'] },
        Code: { ZipFile: NOTIFICATION_HANDLER },
      },
    },
    Notifications: {
      Type: 'Custom::BucketNotifications',
      DependsOn: ['Permission'],
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['NotificationFunction', 'Arn'] },
        ServiceTimeout: 120,
        Bucket: facts.bucket,
        Entries: lambdaConfigurations(facts.entries).map(entry => ({
          ...(JSON.parse(JSON.stringify(entry)) as Section),
          LambdaFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] },
        })),
      },
    },
  };
}

function tagged(tags: Readonly<Record<string, string>>): { Tags?: Json } {
  const all = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return all.length === 0 ? {} : { Tags: all };
}
