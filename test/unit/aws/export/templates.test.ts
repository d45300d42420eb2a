import { parse as parseHcl } from '@cdktf/hcl2json';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { execFileSync, spawnSync } from 'node:child_process';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  cloudFormation,
  cloudFormationTemplate,
} from '../../../../src/aws/export/cloudFormation.ts';
import type { DeploymentFacts } from '../../../../src/aws/export/deploymentFacts.ts';
import { terraform } from '../../../../src/aws/export/terraform.ts';

const AWKWARD = `it's "$HOME" \${a} %{b} \\ {key}\n- #: ü 한 😀\u2028\u0085\tyes`;
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';
const entry = {
  id: 'bucket-brigade-resize-jpg',
  destination: { kind: 'lambda' as const, arn: ARN },
  events: ['s3:ObjectCreated:*'],
  prefix: AWKWARD,
  suffix: '.jpg',
};
const FACTS: DeploymentFacts = {
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
    attached: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
  },
  permission: { statementId: 'bucket-brigade-images', exists: false },
  entries: [entry],
  others: {
    EventBridgeConfiguration: {},
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
const DEPLOYED: DeploymentFacts = {
  ...FACTS,
  function: { ...FACTS.function, exists: true, hiddenVariables: [] },
  role: { ...FACTS.role, exists: true },
  permission: { ...FACTS.permission, exists: true },
  logGroup: { name: '/aws/lambda/resize', exists: true },
};

describe('a CloudFormation template', () => {
  it('is YAML that says what was meant, whatever is in it', () => {
    for (const version of ['1.1', '1.2'] as const) {
      expect(parseYaml(cloudFormation(FACTS), { version })).toEqual(cloudFormationTemplate(FACTS));
    }
  });

  it('names members, types and required properties as CloudFormation’s own specification has them', async () => {
    const spec = await loadAwsServiceSpec();
    const template = cloudFormationTemplate(FACTS) as unknown as Template;
    for (const [name, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type.startsWith('Custom::')) continue;
      const [known] = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
      expect(known, Type).toBeDefined();
      const properties = known?.properties ?? {};
      for (const property of Object.keys(Properties)) {
        expect(Object.keys(properties), `${name}.${property}`).toContain(property);
      }
      for (const [property, { required = false }] of Object.entries(properties)) {
        if (required) expect(Object.keys(Properties), name).toContain(property);
      }
    }
  });

  it('refers only to what is in it', () => {
    const template = cloudFormationTemplate(FACTS) as unknown as Template;
    const names = [...Object.keys(template.Resources), ...Object.keys(template.Parameters)];
    const text = JSON.stringify(template);
    const references = [
      ...text.matchAll(/"Ref":"((?!AWS::)\w+)"/g),
      ...text.matchAll(/"Fn::GetAtt":\["(\w+)"/g),
    ].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(5);
    for (const name of references) expect(names).toContain(name);
    expect(text).not.toContain('eu-west-1');
    expect(text).not.toContain('123456789012');
    expect(text).toContain('images/${!*}a/*');
  });
});

interface Template {
  readonly Parameters: Record<string, unknown>;
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

describe('a Terraform configuration', () => {
  it('is HCL that says what was meant, whatever is in it', async () => {
    const text = terraform(FACTS);
    const parsed = (await parseHcl('main.tf', text)) as Record<string, never>;
    const resources = parsed['resource'] as unknown as Record<string, Record<string, unknown[]>>;
    const [lambda] = resources['aws_lambda_function']!['resize']! as [Record<string, unknown>];
    // The parser gives templates as they are written.
    const written = AWKWARD.replace(/[$%](?=\{)/g, sign => sign + sign);
    expect(lambda).toMatchObject({ memory_size: 1536, description: written });
    const [notification] = resources['aws_s3_bucket_notification']!['source']!;
    expect(notification).toMatchObject({
      eventbridge: true,
      lambda_function: [{ id: entry.id, filter_suffix: '.jpg' }],
      queue: [{ id: 'theirs', filter_prefix: 'a+b/' }],
    });
    expect(parsed['import']).toEqual([
      { to: '${aws_s3_bucket_notification.source}', id: 'images' },
    ]);
    expect(text).toMatch(/^ {2}sensitive {3}= true$/m);
    expect(text).not.toContain('API_KEY =');
  });

  it('imports what is there', async () => {
    const { import: all } = (await parseHcl('main.tf', terraform(DEPLOYED))) as {
      import: { id: string }[];
    };
    expect(all.map(({ id }) => id)).toEqual([
      'resize-role',
      'resize-role:Resize',
      'resize-role/arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
      '/aws/lambda/resize',
      'resize',
      'resize/bucket-brigade-images',
      'images',
    ]);
  });

  it.runIf(spawnSync('terraform', ['version']).status === 0)(
    'is written as terraform fmt writes it',
    () => {
      for (const facts of [FACTS, DEPLOYED]) {
        const input = terraform(facts);
        expect(execFileSync('terraform', ['fmt', '-'], { input, encoding: 'utf8' })).toBe(input);
      }
    },
  );
});
