import { parse as parseHcl } from '@cdktf/hcl2json';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  cloudFormation,
  cloudFormationTemplate,
} from '../../../../src/aws/export/cloudFormation.ts';
import { terraform } from '../../../../src/aws/export/terraform.ts';
import { ALIASED, AWKWARD, DEPLOYED, ENTRY, NEW } from '../../../support/exportFacts.ts';

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

describe('a template of what is there', () => {
  it('imports it first, and makes the rest later', () => {
    const { Resources, Outputs } = cloudFormationTemplate(DEPLOYED) as unknown as Template;
    const later = Object.entries(Resources).filter(([, { Condition }]) => Condition === 'Complete');
    expect(later.map(([id]) => id)).toEqual([
      ...['Permission', 'NotificationRole', 'NotificationFunction', 'Notifications'],
    ]);
    expect(Outputs['FunctionArn']?.Condition).toBe('Complete');
    const now = Object.entries(Resources).filter(([, { Condition }]) => Condition === undefined);
    for (const [id, resource] of now) expect(resource, id).toHaveProperty('DeletionPolicy');
    // What is imported refers to nothing that is made later.
    expect(JSON.stringify(now)).not.toMatch(/"(Permission|Notification\w*)"/);
    const head = cloudFormation(DEPLOYED);
    const given = /--resources-to-import '(.+)'$/m.exec(head)?.[1] ?? '';
    const ids = (JSON.parse(given) as { LogicalResourceId: string }[]).map(
      resource => resource.LogicalResourceId,
    );
    expect(ids.sort()).toEqual(now.map(([id]) => id).sort());
    expect(cloudFormation(NEW)).not.toContain('IMPORT');
  });

  it('permits S3 to invoke each alias that it names, and no other way round', () => {
    const { Resources } = cloudFormationTemplate(ALIASED) as unknown as Template;
    const own = { 'Fn::GetAtt': ['Function', 'Arn'] };
    const all = [own, ...['canary', 'live'].map(name => ({ 'Fn::Join': [':', [own, name]] }))];
    const permitted = Object.entries(Resources).filter(([id]) => id.startsWith('Permission'));
    expect(permitted.map(([, { Properties }]) => Properties['FunctionName'])).toEqual(all);
    const { Notifications } = Resources;
    expect(Notifications).toMatchObject({ DependsOn: permitted.map(([id]) => id) });
    expect(Notifications?.Properties['Entries']).toMatchObject(
      all.map(LambdaFunctionArn => ({ LambdaFunctionArn })),
    );
  });

  it('is refused where CloudFormation would resolve a text in it', () => {
    const environment = { KEY_TEMPLATE: '{{resolve:ssm-secure:/a}}/{name}' };
    const facts = { ...NEW, function: { ...NEW.function, environment } };
    expect(() => cloudFormation(facts)).toThrow(
      'CloudFormation would resolve {{resolve:ssm-secure:/a',
    );
  });

  it.runIf(spawnSync('cfn-lint', ['--version']).status === 0)('has nothing for cfn-lint', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
    const given = { ...NEW.role, arn: 'arn:aws:iam::123456789012:role/given' };
    const inChina = { ...NEW, partition: 'aws-cn', region: 'cn-north-1' };
    const all = { NEW, DEPLOYED, ALIASED, GIVEN: { ...NEW, role: given }, inChina };
    const files = Object.entries(all).map(([name, facts]) => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, cloudFormation(facts));
      return file;
    });
    const { stdout, status } = spawnSync('cfn-lint', ['--regions', 'us-east-1', '--', ...files], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(stdout.trim()).toBe('');
    expect(status).toBe(0);
  });
});

interface Template {
  readonly Outputs: Record<string, { Condition?: string }>;
  readonly Parameters: Record<string, unknown>;
  readonly Resources: Record<
    string,
    { Type: string; Condition?: string; Properties: Record<string, unknown> }
  >;
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

  it('permits S3 to invoke each alias that it names, and imports what does already', async () => {
    const parsed = (await parseHcl('main.tf', terraform(ALIASED))) as Record<string, never>;
    const resources = parsed['resource'] as unknown as Record<string, Record<string, object[]>>;
    const permissions = Object.entries(resources['aws_lambda_permission']!);
    const qualifiers = permissions.map(([name, [body]]) => [
      name,
      (body as { qualifier?: string }).qualifier,
    ]);
    expect(qualifiers).toEqual([
      ['resize', undefined],
      ['resize_2', 'canary'],
      ['resize_3', 'live'],
    ]);
    const [notification] = resources['aws_s3_bucket_notification']!['source']!;
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';
    expect(notification).toMatchObject({
      depends_on: permissions.map(([name]) => `\${aws_lambda_permission.${name}}`),
      lambda_function: [
        { lambda_function_arn: '${aws_lambda_function.resize.arn}' },
        { lambda_function_arn: `${arn}:canary` },
        { lambda_function_arn: `${arn}:live` },
      ],
    });
    const imported = parsed['import'] as unknown as { id: string }[];
    expect(imported.map(({ id }) => id)).toContain('resize:live/bucket-brigade-images');
    expect(imported.map(({ id }) => id)).not.toContain('resize:canary/bucket-brigade-images');
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
