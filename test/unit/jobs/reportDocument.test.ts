import { describe, expect, it } from 'vitest';
import type { ReportRow } from '../../../src/aws/batchJobs/reportRows.ts';
import type { ReportSummary } from '../../../src/aws/batchJobs/reportSummary.ts';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { reportDocument } from '../../../src/jobs/report/reportDocument.ts';

const JOB: Job = {
  region: 'us-east-1',
  jobId: '00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c',
  operation: 'S3PutObjectTagging',
  status: 'Complete',
  priority: 10,
  total: 4,
  succeeded: 1,
  failed: 3,
  tags: [{ key: 'phototype', value: 'finished' }],
  manifest: { bucket: 'assets', key: 'manifest.csv', eTag: 'e', format: 'csv', fields: [] },
  report: { bucket: 'assets', prefix: 'reports', scope: 'AllTasks' },
  roleArn: 'arn:aws:iam::123456789012:role/S3BatchPutRole',
  failureReasons: [],
  confirmationRequired: true,
  elapsedSeconds: 62,
};

function row(key: string, problem?: [httpStatus: number, errorCode: string, message: string]) {
  const [httpStatus, errorCode, message] = problem ?? [200, '', 'Successful'];
  const taskStatus = problem ? 'failed' : 'succeeded';
  return { bucket: 'images', key, rawKey: key, taskStatus, httpStatus, errorCode, message };
}

function summary(rows: ReportRow[], more: Partial<ReportSummary> = {}): ReportSummary {
  const failed = rows.filter(one => one.taskStatus === 'failed').length;
  const damage = { count: 0, first: [] };
  const succeeded = rows.length - failed;
  return { total: rows.length, succeeded, failed, groups: [], rows, damage, ...more };
}

describe('the document of a completion report', () => {
  const denied: [number, string, string] = [403, 'AccessDenied', 'Access Denied'];
  const text = reportDocument(
    JOB,
    summary(
      [
        row('a | b.png', denied),
        row('<i>c</i>', denied),
        row('gone', [404, 'NoSuchKey', 'No']),
        row('d'),
      ],
      {
        groups: [
          {
            errorCode: 'AccessDenied',
            httpStatus: 403,
            count: 2,
            message: 'Access Denied',
            sampleKeys: ['a | b.png', '<i>c</i>'],
          },
          {
            errorCode: 'NoSuchKey',
            httpStatus: 404,
            count: 1,
            message: 'No',
            sampleKeys: ['gone'],
          },
        ],
      },
    ),
  );
  const lines = text.split('\n');

  it('says first how many failed', () => {
    expect(lines[0]).toBe(
      '# Completion report of “Tag phototype=finished · assets/manifest&#46;csv”',
    );
    expect(lines[2]).toContain('3 objects failed');
    expect(lines[2]).toContain('1 object succeeded');
  });

  it('says what was done with what', () => {
    expect(text).toContain('phototype = finished');
    expect(text).toContain('1 min 2 s');
    expect(text).toMatch(/reports\/job&#45;00e123a4/);
  });

  it('groups failures by code, with examples', () => {
    const at = lines.indexOf('## Failures by kind');
    expect(lines[at + 4]).toMatch(
      /^\| 2 \| AccessDenied \| 403 \| Access Denied<br>.*s3&#58;ListBucket.* \| .*<br>.* \|$/,
    );
    expect(lines[at + 5]).toMatch(/^\| 1 \| NoSuchKey \| 404 \| No \| gone \|$/);
  });

  it('keeps every row in its columns, whatever the key holds', () => {
    const at = lines.indexOf('## Objects');
    const cells = lines.slice(at + 4, at + 8).map(line => line.split('|').length);
    expect(new Set(cells).size).toBe(1);
    expect(text).not.toContain('<i>');
  });

  it('leaves out columns that would be empty', () => {
    const good = reportDocument(JOB, summary([row('d')]));
    expect(good).toContain('| Key | Bucket | HTTP |\n');
    expect(good).not.toContain('Failures by kind');
  });

  it('says so when it shows only the first rows', () => {
    const some = reportDocument(JOB, summary([row('d')], { total: 5_000, succeeded: 5_000 }));
    expect(some).toContain('The first 1 of 5,000');
  });
});

describe('the document of a report of a function', () => {
  const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
  const job: Job = {
    ...JOB,
    manifest: undefined,
    tags: undefined,
    operation: 'LambdaInvoke',
    invocation: { functionArn, schemaVersion: '2.0', userArguments: { width: '100' } },
    generator: { sourceBucket: 'images', prefix: '2026/', suffix: '.png', otherFilters: [] },
    generatedManifest: { bucket: 'assets', key: 'm.json', eTag: 'e', format: 'f', fields: [] },
  };

  it('says what was invoked on what, and what it said', () => {
    const said = { ...row('a.png'), message: 'resized-a.png (200 × 150)' };
    const text = reportDocument(job, summary([said]));
    expect(text).toContain('Invoke Lambda function');
    expect(text).toContain('function&#58;resize');
    expect(text).toContain('width = 100');
    expect(text).toContain('images/2026/ · &#46;png');
    expect(text).toContain('assets/m&#46;json');
    expect(text).toContain('resized&#45;a&#46;png &#40;200 &#215; 150&#41;');
  });
});

describe('the document of a damaged report', () => {
  it('says what of the report is damaged, and where', () => {
    const file = 's3://assets/reports/job-1/results/a.csv';
    const first = [
      { damage: 'checksum', file },
      { damage: 'row', file, row: 1234, text: 'images,<b>' },
    ] as const;
    const shown = reportDocument(JOB, summary([row('d')], { damage: { count: 2, first } }));
    expect(shown).toContain('1 of 4 results could be read');
    expect(shown).toContain('| 1,234 | The row is damaged&#46; | images,&#60;b&#62; |');
    expect(shown).toContain('its MD5 is another');
    expect(reportDocument(JOB, summary([row('d')]))).not.toContain('Damage');
  });
});

describe('a report of what was denied', () => {
  const groups = [
    { errorCode: 'AccessDenied', httpStatus: 403, count: 1, message: 'Denied', sampleKeys: ['k'] },
  ];
  it('says that the object may not be there, where its role may not list', () => {
    const shown = reportDocument(JOB, summary([], { groups }));
    expect(shown).toContain('or the object does not exist');
    const invoked = reportDocument({ ...JOB, operation: 'LambdaInvoke' }, summary([], { groups }));
    expect(invoked).not.toContain('does not exist');
  });
});
