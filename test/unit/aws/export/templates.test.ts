import { parse as parseHcl } from '@cdktf/hcl2json';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { execFileSync, spawnSync } from 'node:child_process';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  cloudFormation,
  cloudFormationTemplate,
} from '../../../../src/aws/export/cloudFormation.ts';
import { terraform } from '../../../../src/aws/export/terraform.ts';
import { AWKWARD, DEPLOYED, ENTRY, NEW } from '../../../support/exportFacts.ts';

describe('a CloudFormation template', () => {
  it('is YAML that says what was meant, whatever is in it', () => {
    for (const version of ['1.1', '1.2'] as const) {
      expect(parseYaml(cloudFormation(NEW), { version })).toEqual(cloudFormationTemplate(NEW));
    }
  });

  it('names members, types and required properties as CloudFormation’s own specification has them', async () => {
    const spec = await loadAwsServiceSpec();
    const resources = [NEW, DEPLOYED].flatMap(facts =>
      Object.entries((cloudFormationTemplate(facts) as unknown as Template).Resources),
    );
    for (const [name, { Type, Properties }] of resources) {
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
    const template = cloudFormationTemplate(NEW) as unknown as Template;
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
    const text = terraform(NEW);
    const parsed = (await parseHcl('main.tf', text)) as Record<string, never>;
    const resources = parsed['resource'] as unknown as Record<string, Record<string, unknown[]>>;
    const [lambda] = resources['aws_lambda_function']!['resize']! as [Record<string, unknown>];
    // The parser gives templates as they are written.
    const written = AWKWARD.replace(/[$%](?=\{)/g, sign => sign + sign);
    expect(lambda).toMatchObject({ memory_size: 1536, description: written });
    const [notification] = resources['aws_s3_bucket_notification']!['source']!;
    expect(notification).toMatchObject({
      eventbridge: true,
      lambda_function: [{ id: ENTRY.id, filter_suffix: '.jpg' }],
      queue: [{ id: 'theirs', filter_prefix: 'a+b/' }],
    });
    expect(parsed['import']).toEqual([
      { to: '${aws_s3_bucket_notification.source}', id: 'images' },
    ]);
  });

  it('imports what is there', async () => {
    const { import: all } = (await parseHcl('main.tf', terraform(DEPLOYED))) as {
      import: { id: string }[];
    };
    expect(all.map(({ id }) => id)).toEqual([
      'resize-role',
      'resize-role:Resize',
      'resize-role/arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
      'resize',
      'resize/bucket-brigade-images',
      'images',
    ]);
  });

  it.runIf(spawnSync('terraform', ['version']).status === 0)(
    'is written as terraform fmt writes it',
    () => {
      for (const facts of [NEW, DEPLOYED]) {
        const input = terraform(facts);
        expect(execFileSync('terraform', ['fmt', '-'], { input, encoding: 'utf8' })).toBe(input);
      }
    },
  );
});
