import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../../src/aws/errors.ts';
import type { ConflictCode } from '../../../src/aws/deployment/step.ts';
import type {
  DeploymentPlan,
  DeploymentStep,
} from '../../../src/aws/resizeDeployment/deploymentPlan.ts';
import type { RemovalPlan } from '../../../src/aws/resizeDeployment/removalPlan.ts';
import { DEFAULT_SETTINGS } from '../../../src/aws/resizeFunction/resizeSettings.ts';
import { planDocument } from '../../../src/resize/deploy/planDocument.ts';
import { conflictText, countsText, failureText } from '../../../src/vscode/deployment/planTexts.ts';
import { removalDocument } from '../../../src/resize/remove/removalDocument.ts';

const step = (more: Partial<DeploymentStep> = {}): DeploymentStep => ({
  kind: 'function',
  action: 'create',
  subject: 'ImageResizeFunction',
  details: ['MemorySize: 1536'],
  ...more,
});

function plan(
  steps: readonly DeploymentStep[],
  more: Partial<DeploymentPlan> = {},
): DeploymentPlan {
  return {
    target: {
      bucket: 'images',
      destinationBucket: 'images-resized',
      functionName: 'ImageResizeFunction',
      role: { name: 'ImageResizeFunction-role' },
      code: { kind: 'deployed' },
      architecture: 'x86_64',
      memoryMegabytes: 1536,
      timeoutSeconds: 60,
      settings: DEFAULT_SETTINGS,
      prefix: 'in/',
      suffixes: ['.png'],
    },
    region: 'us-east-1',
    steps,
    warnings: [],
    ...more,
  };
}

/** What a reader sees: entities as their characters. */
const shown = (markdown: string): string =>
  markdown
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&nbsp;', ' ');

const cancelled = new BrigadeError('Cancelled', 'by the user');

describe('the document of a plan', () => {
  it('says what will happen with an upload, and that nothing was changed', () => {
    const text = shown(planDocument(plan([step(), step({ kind: 'role', action: 'keep' })])));
    expect(text).toContain('# Plan: ImageResizeFunction for images');
    expect(text).toContain('**1 to create, 1 to keep. Nothing was changed yet.**');
    expect(text).toContain(
      'Every image uploaded to s3://images/in/ whose key ends in .png is stored as s3://images-resized/resized-{key}, 200 pixels wide.',
    );
    expect(text).toContain('| + | Function | <code>ImageResizeFunction</code> | create |');
    expect(text).toContain('- MemorySize: 1536');
  });

  it('shows policies as they are, whatever is in them', () => {
    const policy = 'BucketBrigadeResize: {\n  "Sid": "a ``` b"\n}';
    const text = planDocument(plan([step({ kind: 'role', details: [policy] })]));
    expect(text).toContain('BucketBrigadeResize:');
    expect(text).toContain('````json\n{\n  "Sid": "a ``` b"\n}\n````');
  });

  it('puts into words what is not in AWS’s own terms', () => {
    const entry = { kind: 'notification', id: 'in', events: ['s3:ObjectCreated:*'] } as const;
    const details = [
      { kind: 'region', region: 'eu-west-1' },
      { kind: 'tag', key: 'bucket-brigade:deployment', value: 'images' },
      { kind: 'sourceBucket' },
      { kind: 'defaultBefore', name: 'WIDTHS', before: '200', after: '100' },
      { kind: 'defaultAfter', name: 'QUALITY', before: '90', after: '82' },
      { ...entry, prefix: 'in/', suffix: '.png', arn: 'arn:f', isRemoved: false },
      { ...entry, prefix: 'in/', suffix: '', arn: 'arn:f', isRemoved: false },
      { ...entry, prefix: '', suffix: '.png', arn: 'arn:f', isRemoved: true },
      { ...entry, prefix: '', suffix: '', arn: 'arn:f', isRemoved: false },
    ] as const;
    const text = shown(planDocument(plan([step({ details })])));
    expect(text.split('\n').filter(line => line.startsWith('- '))).toEqual([
      '- Region: eu-west-1',
      '- Tag: bucket-brigade:deployment = images',
      '- Also the source bucket',
      '- WIDTHS: 200 (default) → 100',
      '- QUALITY: 90 → 82 (default)',
      '- in: All object create events (prefix in/, suffix .png) → arn:f',
      '- in: All object create events (prefix in/) → arn:f',
      '- Removed: in: All object create events (suffix .png) → arn:f',
      '- in: All object create events → arn:f',
    ]);
  });

  it('says that there is nothing to do', () => {
    const text = shown(planDocument(plan([step({ action: 'keep' })])));
    expect(text).toContain('**✓ No changes needed: everything is already deployed.**');
  });

  it('has no section for what is said in the overview already', () => {
    const text = shown(planDocument(plan([step({ action: 'keep', details: [] }), step()])));
    expect(text).not.toContain('## = Function');
    expect(text).toContain('## + Function <code>ImageResizeFunction</code>\n\n- MemorySize: 1536');
  });

  it('says why it cannot be applied, at the top and at the step', () => {
    const conflict = { code: 'notOurs', names: ['ImageResizeFunction'] } as const;
    const text = shown(planDocument(plan([step({ action: 'conflict', conflict })])));
    expect(text).toContain('**✗ This can’t be applied: 1 in conflict. Nothing was changed.**');
    const reason = '**ImageResizeFunction exists and wasn’t created by Bucket Brigade.';
    expect(text).toContain(reason);
    expect(text.indexOf(reason)).toBeLessThan(text.indexOf('MemorySize'));
    expect(text.indexOf(reason)).toBeLessThan(text.indexOf('Every image uploaded'));
  });

  it('lets nothing of a name become Markdown', () => {
    const text = planDocument(plan([step({ subject: '<b>*x*|y</b>', details: ['[a](b)'] })]));
    expect(text).not.toMatch(/<b>|\*x\*|\[a\]|\|y/);
  });

  it('says what was done', () => {
    const text = shown(planDocument(plan([step(), step({ action: 'keep' })]), 'applied'));
    expect(text).toContain('# ImageResizeFunction resizes the images of images');
    expect(text).toContain('| ✓ | Function | <code>ImageResizeFunction</code> | created |');
    expect(text).toContain('| ✓ | Function | <code>ImageResizeFunction</code> | kept |');
  });

  it('says why it failed, and what became of what was done', () => {
    const failure = 'Access denied. All changes were rolled back.';
    const text = shown(planDocument(plan([step()]), { failure }));
    expect(text).toContain('# Plan: ImageResizeFunction for images');
    expect(text).toContain(`**✗ Not deployed. ${failure}**`);
  });

  it('has a warning of what the role may lack', () => {
    const warnings = [{ code: 'roleMayLack', names: ['r', 's3:GetObject', 'arn:x'] }] as const;
    expect(shown(planDocument(plan([step()], { warnings })))).toContain(
      '> ⚠ The role r may lack s3:GetObject on arn:x.',
    );
  });
});

describe('a failure', () => {
  const denied = new BrigadeError('AccessDenied', 'no', { subject: 'role R', action: 'iam:It' });
  const why = 'Access to role R denied. Missing permission: iam:It.';
  const left = { subject: 'F', left: ['role R (gone)'], cause: denied };
  it.each([
    ['of the first step', denied, false, `${why} Nothing was changed.`],
    ['of a later step', denied, true, `${why} All changes were rolled back.`],
    [
      'that ends without a stop',
      new BrigadeError('Unknown', 'no'),
      false,
      'no. Nothing was changed.',
    ],
    ['that is a cancellation', cancelled, false, 'Cancelled. Nothing was changed.'],
    ['cancelled later', cancelled, true, 'Cancelled. All changes were rolled back.'],
    [
      'that leaves something',
      new BrigadeError('UndoIncomplete', 'no', left),
      true,
      `${why} Rollback incomplete. Remaining: role R (gone).`,
    ],
  ])('%s says what became of what had been done', (_, error, undone, text) => {
    expect(failureText({ error, undone })).toBe(text);
  });
});

describe('conflicts', () => {
  it.each<ConflictCode>([
    'notOurs',
    'otherDeployment',
    'otherAccount',
    'otherRegion',
    'missing',
    'notTrusted',
    'overlap',
    'loop',
    'badInput',
    'policyTooLong',
    'notActive',
  ])('of the kind %s name what they are about', code => {
    const text = conflictText({ code, names: ['first', 'second', 'third'] });
    expect(text).toContain(code === 'overlap' ? 'second' : 'first');
    expect(text).not.toMatch(/\{\d\}/);
  });

  it('are counted first', () => {
    expect(countsText([step(), step({ action: 'conflict' })])).toBe('1 in conflict, 1 to create');
  });
});

describe('the document of a removal', () => {
  const removal: RemovalPlan = {
    target: { bucket: 'images' },
    region: 'us-east-1',
    steps: [
      { kind: 'function', action: 'delete', subject: 'F', details: [] },
      {
        kind: 'destinationBucket',
        action: 'keep',
        subject: 's3://images-resized/',
        details: [{ kind: 'allContents' }],
        kept: 'hasObjects',
      },
    ],
  };

  it('says what went and what stayed', () => {
    const text = shown(removalDocument(removal, 'applied'));
    expect(text).toContain('# Images of images are no longer resized');
    expect(text).toContain('**✓ Removed.**');
    expect(text).toContain('| − | Function | <code>F</code> | deleted |');
    expect(text).toContain('kept: not empty');
  });

  it('says what goes, what stays and why', () => {
    const text = shown(removalDocument(removal));
    expect(text).toContain('**1 to delete. Nothing was deleted yet.**');
    expect(text).toContain('| − | Function | <code>F</code> | delete |');
    expect(text).toContain('keep: not empty');
    expect(text).toContain('- All objects, versions and incomplete multipart uploads in it');
  });
});
