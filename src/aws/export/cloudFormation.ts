import { bucketArn } from '../s3Uri.ts';
import { oneLine } from '../shellText.ts';
import { BrigadeError } from '../errors.ts';
import { qualifierOf } from '../functionArn.ts';
import { templateHead } from './cloudFormationHead.ts';
import { importable } from './importable.ts';
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
 *
 * @throws BrigadeError `InvalidInput` for a text that CloudFormation would take for a dynamic reference
 *   (`{{resolve:…}}`), which nothing escapes
 */
export function cloudFormation(facts: DeploymentFacts): string {
  const text = yamlText(cloudFormationTemplate(facts));
  const reference = /\{\{resolve:[^}]*/.exec(text)?.[0];
  if (reference !== undefined) {
    throw new BrigadeError('InvalidInput', `CloudFormation would resolve ${reference}`, {
      problem: { kind: 'dynamicReference', reference: `${reference}}}` },
    });
  }
  return `${[...templateHead(facts), text].join('\n')}\n`;
}

/** The template as a value. */
export function cloudFormationTemplate(facts: DeploymentFacts): Section {
  const { function: deployed, bucket } = facts;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: oneLine(`Lambda function ${deployed.name} for uploads to ${bucket}`),
    Parameters: parameters(facts),
    ...(importable(facts).length > 0 && {
      Conditions: { Complete: { 'Fn::Equals': [{ Ref: 'Importing' }, 'false'] } },
    }),
    Resources: resources(facts),
    Outputs: {
      FunctionArn: { ...conditional(facts), Value: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    },
  };
}

function parameters(facts: DeploymentFacts): Section {
  const {
    function: { code, hiddenVariables },
    role,
  } = facts;
  return {
    ...(importable(facts).length > 0 && {
      Importing: {
        ...{ Type: 'String', Default: 'false', AllowedValues: ['true', 'false'] },
        Description: 'Whether the stack contains only the imported resources',
      },
    }),
    CodeBucket: { Type: 'String', Description: "The bucket that contains the function's zip" },
    CodeKey: { Type: 'String', Default: code.name, Description: 'The key of the zip' },
    ...('arn' in role && {
      RoleArn: { Type: 'String', Default: role.arn, Description: "The function's execution role" },
    }),
    ...Object.fromEntries(
      hiddenVariables.map((name, at) => [
        `Variable${at + 1}`,
        {
          Type: 'String',
          NoEcho: true,
          Description: `The function's environment variable ${name}`,
        },
      ]),
    ),
  };
}

function resources(facts: DeploymentFacts): Section {
  const { destination, role } = facts;
  const all: Section = {
    ...(destination?.exists === false && {
      Destination: {
        Type: 'AWS::S3::Bucket',
        // With what is in it.
        ...RETAINED,
        Properties: { BucketName: destination.bucket, ...tagged(facts.tags) },
      },
    }),
    ...('name' in role && { Role: roleResource(facts, role) }),
    LogGroup: logGroupResource(facts),
    Function: functionResource(facts),
    ...permissionResources(facts),
    ...notificationResources(facts),
  };
  const taken = new Set(importable(facts).map(({ LogicalResourceId: id }) => id));
  if (taken.size === 0) return all;
  return Object.fromEntries(
    Object.entries(all).map(([id, resource]) => {
      const { Type: type, ...rest } = resource as Section;
      const more = taken.has(id) ? RETAINED : conditional(facts);
      return [id, { Type: type ?? '', ...more, ...rest }];
    }),
  );
}

const RETAINED = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

/** A stack can't import some resources and make others in one change. */
function conditional(facts: DeploymentFacts): { Condition?: string } {
  return importable(facts).length > 0 ? { Condition: 'Complete' } : {};
}

function logGroupResource({ logGroup }: DeploymentFacts): Json {
  const days = logGroup.retentionDays;
  return {
    Type: 'AWS::Logs::LogGroup',
    ...RETAINED,
    Properties: {
      LogGroupName: logGroup.name,
      ...(days !== undefined && { RetentionInDays: days }),
    },
  };
}

function permissionResources(facts: DeploymentFacts): Section {
  const all = facts.permissions.map((permission, at): readonly [string, Json] => [
    permissionId(at),
    {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: functionArn(permission.qualifier),
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: portable(permission.sourceArn, facts),
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    },
  ]);
  return Object.fromEntries(all);
}

function permissionId(at: number): string {
  return at === 0 ? 'Permission' : `Permission${at + 1}`;
}

/** The function of the template, or a version or alias of it, which the template doesn't make. */
function functionArn(qualifier: string | undefined): Json {
  const arn = { 'Fn::GetAtt': ['Function', 'Arn'] };
  return qualifier === undefined ? arn : { 'Fn::Join': [':', [arn, qualifier]] };
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
    ...(!deployed.exists && !('LoggingConfig' in settings) && { DependsOn: ['LogGroup'] }),
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
  const group = facts.function.exists ? facts.logGroup.name : { Ref: 'LogGroup' };
  return {
    ...(portable(settings, facts) as Section),
    ...(key !== undefined && { KmsKeyArn: portable(key, facts) }),
    ...(logging !== undefined && { LoggingConfig: { ...logging, LogGroup: group } }),
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
        Description: "Adds this stack's event notifications to a bucket and keeps all others",
        Runtime: RUNTIME,
        Handler: HANDLER,
        Timeout: 60,
        Role: { 'Fn::GetAtt': ['NotificationRole', 'Arn'] },
        Code: { ZipFile: NOTIFICATION_HANDLER },
      },
    },
    Notifications: {
      Type: 'Custom::BucketNotifications',
      DependsOn: facts.permissions.map((_, at) => permissionId(at)),
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['NotificationFunction', 'Arn'] },
        ServiceTimeout: 120,
        Bucket: facts.bucket,
        Entries: lambdaConfigurations(facts.entries).map(entry => ({
          ...(JSON.parse(JSON.stringify(entry)) as Section),
          LambdaFunctionArn: functionArn(qualifierOf(entry.LambdaFunctionArn ?? '')),
        })),
      },
    },
  };
}

function tagged(tags: Readonly<Record<string, string>>): { Tags?: Json } {
  const all = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return all.length === 0 ? {} : { Tags: all };
}
