import { describe, expect, it } from 'vitest';
import type { ManifestSummary } from '../../../src/aws/manifest/manifestSummary.ts';
import {
  completed,
  describeDraft,
  nextQuestion,
  objectCount,
  parseReportPlace,
  type CompleteDraft,
} from '../../../src/jobs/create/draft.ts';
import {
  countProblems,
  describeProblem,
  isUnusable,
  problemLines,
  worstProblem,
} from '../../../src/jobs/create/manifestProblemText.ts';
import {
  isUnchecked,
  missingPermissions,
  roleNeeds,
  suggestedRoleName,
} from '../../../src/jobs/create/roleIssues.ts';
import { summaryLines, effectText } from '../../../src/jobs/create/summary.ts';

const MANIFEST: ManifestSummary = {
  bucket: 'assets',
  key: 'manifest.csv',
  format: 'S3BatchOperations_CSV_20180820',
  fields: ['Bucket', 'Key'],
  eTag: 'abc',
  size: 100,
  rows: 1_234,
  buckets: [{ bucket: 'images', rows: 1_234 }],
  problems: [],
  problemCounts: {},
  sampleKeys: [],
};

const DRAFT: CompleteDraft = {
  manifest: MANIFEST,
  operation: { name: 'S3PutObjectTagging', tags: [{ key: 'phototype', value: 'finished' }] },
  roleArn: 'arn:aws:iam::123456789012:role/path/S3BatchPutRole',
  report: { bucket: 'assets', scope: 'AllTasks' },
  priority: 10,
  description: undefined,
};

describe('the next question', () => {
  it('is the first without an answer, the role after what it has to be allowed', () => {
    const { manifest, operation, report, roleArn } = DRAFT;
    expect(nextQuestion({})).toBe('manifest');
    expect(nextQuestion({ manifest })).toBe('operation');
    expect(nextQuestion({ manifest, operation })).toBe('report');
    expect(nextQuestion({ manifest, operation, report: false })).toBe('roleArn');
    expect(nextQuestion({ manifest, operation, report, roleArn })).toBeUndefined();
  });
});

describe('a draft', () => {
  it('is complete without a description and a priority', () => {
    expect(completed(DRAFT)).toEqual(DRAFT);
    expect(completed({ ...DRAFT, priority: undefined })).toEqual({ ...DRAFT, priority: 10 });
    for (const missing of ['manifest', 'operation', 'roleArn', 'report'] as const) {
      expect(completed({ ...DRAFT, [missing]: undefined }), missing).toBeUndefined();
    }
  });

  it('is called after what it does and on what', () => {
    expect(describeDraft(DRAFT)).toBe('Tag phototype=finished · assets/manifest.csv');
    expect(describeDraft({ ...DRAFT, operation: { name: 'S3DeleteObjectTagging' } })).toBe(
      'Delete tags · assets/manifest.csv',
    );
    const long = { ...DRAFT, manifest: { ...MANIFEST, key: `${'😀'.repeat(200)}.csv` } };
    expect(describeDraft(long).length).toBeLessThanOrEqual(256);
    expect(describeDraft(long)).toMatch(/😀…$/u);
    const tags = Array.from('abcde', key => ({ key, value: '1' }));
    expect(describeDraft({ ...DRAFT, operation: { name: 'S3PutObjectTagging', tags } })).toBe(
      'Tag a=1, b=1, c=1, +2 · assets/manifest.csv',
    );
  });

  it('says in one line what will be lost', () => {
    expect(effectText(DRAFT)).toBe(
      'Replace all tags of 1,234 objects in images with phototype=finished?',
    );
    const operation = { name: 'S3DeleteObjectTagging' } as const;
    const manifest = { ...MANIFEST, rows: undefined };
    expect(effectText({ ...DRAFT, manifest, operation })).toBe(
      'Remove all tags of the objects in images?',
    );
  });

  it('counts its objects only where that is sure', () => {
    expect(objectCount(MANIFEST)).toBe(1_234);
    const count = { objects: 3, complete: true };
    expect(objectCount({ sourceBucket: 'images', count })).toBe(3);
    expect(objectCount({ sourceBucket: 'images', count: { ...count, complete: false } })).toBe(
      undefined,
    );
    expect(objectCount({ sourceBucket: 'images' })).toBeUndefined();
  });

  it('is summed up with what will be lost', () => {
    expect(summaryLines(DRAFT)).toEqual([
      '1,234 objects in images',
      'All tags of these objects are replaced by:',
      '    phototype = finished',
      'Note: Existing tags are lost, and the job can’t be undone.',
      '',
      'Manifest: s3://assets/manifest.csv',
      'Columns: Bucket, Key',
      'Role: S3BatchPutRole',
      'Report: all tasks, in s3://assets/',
      'Priority: 10',
      '',
      'Nothing is changed until you run the job.',
    ]);
  });

  it('tells what its role needs: the report only where there is one', () => {
    expect(roleNeeds(DRAFT, 'aws-cn')).toEqual({
      partition: 'aws-cn',
      operation: { name: 'S3PutObjectTagging', targets: [{ bucket: 'images' }] },
      manifest: { bucket: 'assets', key: 'manifest.csv' },
      report: { bucket: 'assets', prefix: undefined },
      versions: false,
    });
    const removing = { name: 'S3DeleteObjectTagging' } as const;
    expect(roleNeeds({ ...DRAFT, report: false, operation: removing }, 'aws')).toMatchObject({
      operation: removing,
    });
    expect(roleNeeds({ ...DRAFT, report: false }, 'aws')).not.toHaveProperty('report');
  });

  const RESIZE = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
  const FOUND: CompleteDraft = {
    ...DRAFT,
    manifest: {
      sourceBucket: 'images',
      prefix: '2026/',
      suffix: '.png',
      count: { objects: 10_000, complete: false },
    },
    operation: { name: 'LambdaInvoke', functionArn: `${RESIZE}:live`, schemaVersion: '2.0' },
    report: { bucket: 'assets', prefix: 'reports', scope: 'AllTasks' },
  };

  it('is summed up with where the objects are found and what is invoked', () => {
    expect(summaryLines(FOUND).slice(0, 6)).toEqual([
      'at least 10,000 objects in s3://images/2026/',
      'Key ends in .png',
      'The function resize:live is invoked once for each object.',
      '',
      'Manifest: generated by S3 before the job runs, and saved to s3://assets/reports/manifests/',
      'Role: S3BatchPutRole',
    ]);
    const plain = { ...FOUND, manifest: { sourceBucket: 'images' }, report: false } as const;
    expect(summaryLines(plain)[0]).toBe('All objects in s3://images/');
    expect(summaryLines(plain)).toContain(
      'Manifest: generated by S3 before the job runs, and not saved',
    );
  });

  it('needs no leave to touch the objects that it has a function for', () => {
    expect(roleNeeds(FOUND, 'aws')).toEqual({
      partition: 'aws',
      operation: { name: 'LambdaInvoke', functionArn: `${RESIZE}:live` },
      manifest: {
        sourceBucket: 'images',
        prefix: '2026/',
        suffix: '.png',
        output: { bucket: 'assets', prefix: 'reports/manifests/' },
      },
      report: { bucket: 'assets', prefix: 'reports' },
      versions: false,
    });
    expect(suggestedRoleName(FOUND)).toBe('S3BatchInvoke-resize-live');
  });

  it('suggests a role name that IAM takes', () => {
    const bucket = `${'a'.repeat(60)}.b`;
    const draft = { manifest: { ...MANIFEST, buckets: [{ bucket }] } };
    expect(suggestedRoleName(draft)).toMatch(/^[\w+=,.@-]{64}$/);
  });
});

describe('a role check', () => {
  const finding = {
    purpose: 'tag',
    action: 's3:PutObjectTagging',
    resource: 'r',
    pattern: 'r',
  } as const;
  it('finds missing what is denied, not what is optional or unknown', () => {
    const findings = [
      { ...finding, decision: 'implicitDeny', optional: false },
      { ...finding, decision: 'explicitDeny', optional: false },
      { ...finding, decision: 'unknown', optional: false },
      { ...finding, decision: 'allowed', optional: false },
      { ...finding, decision: 'implicitDeny', optional: true },
    ] as const;
    expect(missingPermissions({ trusted: true, findings })).toEqual(findings.slice(0, 2));
    expect(isUnchecked({ trusted: true, findings })).toBe(true);
    expect(isUnchecked({ trusted: true, findings: findings.slice(0, 2) })).toBe(false);
    expect(isUnchecked({ trusted: undefined, findings: [] })).toBe(true);
  });
});

describe('the place of a report', () => {
  it.each([
    ['s3://reports/a/b/', { bucket: 'reports', prefix: 'a/b' }],
    ['s3://reports', { bucket: 'reports' }],
    [' reports ', { bucket: 'reports' }],
    ['s3://', undefined],
    [`s3://reports/${'x'.repeat(513)}`, undefined],
  ])('%s', (typed, place) => {
    expect(parseReportPlace(typed)).toEqual(place);
  });
});

describe('the problems of a manifest', () => {
  const warned: ManifestSummary = {
    ...MANIFEST,
    problems: [{ kind: 'plusSign', severity: 'warning', row: 2, text: 'a+b' }],
    problemCounts: { plusSign: 7 },
  };
  const broken: ManifestSummary = {
    ...warned,
    problems: [...warned.problems, { kind: 'headerRow', severity: 'error', row: 1_001 }],
    problemCounts: { plusSign: 7, headerRow: 1 },
  };

  it('keep it from being used only where the job would fail', () => {
    expect([MANIFEST, warned, broken].map(isUnusable)).toEqual([false, false, true]);
    expect(countProblems(broken)).toBe(8);
  });

  it('are listed by kind, with how often each is there', () => {
    expect(problemLines(broken)).toEqual([
      'Row 2: A plus sign in a key means a space; write %2B for a literal plus sign. (and 6 more)',
      'Row 1,001: The first row is a header; a manifest has none, so delete the row.',
    ]);
  });

  it('are named by their row, errors first', () => {
    expect(worstProblem(MANIFEST)).toBeUndefined();
    expect(describeProblem(worstProblem(broken)!)).toBe(
      'Row 1,001: The first row is a header; a manifest has none, so delete the row.',
    );
  });
});
