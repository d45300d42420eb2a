import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { jobPageModel, type JobPageInput } from '../../../src/jobs/page/jobPageModel.ts';
import { RateWatch } from '../../../src/jobs/page/taskRate.ts';
import type { Block } from '../../../src/vscode/page/protocol.ts';

const JOB: Job = {
  ...{ jobId: 'job-1', region: 'us-east-1', description: 'Tag them', status: 'Active' },
  ...{ operation: 'S3PutObjectTagging', priority: 10, total: 5_000, succeeded: 1_190, failed: 10 },
  does: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
  request: { Operation: {}, Report: undefined, Priority: 10, RoleArn: 'r' },
  ...{ unknownMembers: [], failureReasons: [], confirmationRequired: true, elapsedSeconds: 30 },
  creationTime: new Date('2026-11-22T10:00:00Z'),
  suspendedDate: new Date('2026-11-22T10:01:00Z'),
  report: { bucket: 'assets', prefix: 'reports', scope: 'AllTasks' },
  roleArn: 'arn:aws:iam::123456789012:role/R',
  manifest: { bucket: 'assets', key: 'm.csv', eTag: 'e', format: 'f', fields: [] },
};

const session = {
  connection: { id: 'sandbox', label: 'Local Sandbox', region: 'us-east-1' },
  identity: { accountId: '123456789012', arn: '', userId: '', partition: 'aws' },
};

function model(job: Partial<Job> = {}, more: Partial<JobPageInput> = {}) {
  const whole = { ...JOB, ...job };
  const rate = new RateWatch().rate(whole);
  return jobPageModel({ job: whole, session, rate, lineage: undefined, seen: [], ...more });
}

const find = <Kind extends Block['kind']>(blocks: readonly Block[], kind: Kind) =>
  blocks.filter((block): block is Extract<Block, { kind: Kind }> => block.kind === kind);
const actions = (job: Partial<Job>) =>
  find(model(job).blocks, 'actions')[0]?.actions.map(({ id }) => id);

describe('the page of a job', () => {
  it('tells how far it is, how fast, and how long it takes', () => {
    const [progress] = find(model().blocks, 'progress');
    expect(progress).toMatchObject({ done: 0.24 });
    expect(progress?.text).toBe(
      '1,200 of 5,000 · 10 failed · 40 per second · about 1 min 35 s left',
    );
  });

  it('says which tags it sets, and takes none for a property of the job', () => {
    const tags = [
      { key: 'Priority', value: 'high' },
      { key: 'a', value: 'b' },
    ];
    const lists = find(model({ does: { name: 'S3PutObjectTagging', tags } }).blocks, 'facts');
    const facts = lists.flatMap(block => block.facts);
    expect(facts).toContainEqual({ term: 'Tags', value: 'Priority=high, a=b' });
    expect(facts.filter(({ term }) => term === 'Priority')).toHaveLength(1);
  });

  it('offers what can be done in each state', () => {
    const always = ['clone', 'copyCliCommand', 'refresh'];
    expect(actions({ status: 'Suspended' })).toEqual(['run', 'cancel', ...always]);
    expect(actions({ status: 'Active' })).toEqual(['cancel', ...always]);
    expect(actions({ status: 'Complete' })).toEqual(['openReport', 'retryFailed', ...always]);
    expect(actions({ status: 'Complete', failed: 0 })).toEqual(['openReport', ...always]);
    expect(actions({ status: 'Failed', succeeded: 0, failed: 0 })).toEqual(always);
    expect(actions({ status: 'Complete', report: undefined })).toEqual(always);
  });

  it('offers to undo what the tagger did, and nothing else', () => {
    const invoke = (userArguments: Record<string, string>): Partial<Job> => ({
      ...{ status: 'Complete', failed: 0, operation: 'LambdaInvoke' },
      invocation: {
        functionArn: 'arn:aws:lambda:::function:f',
        schemaVersion: '2.0',
        userArguments,
      },
    });
    expect(actions(invoke({ tagger: '1' }))).toContain('undo');
    expect(actions({ ...invoke({ tagger: '1' }), succeeded: 0 })).not.toContain('undo');
    expect(actions(invoke({ width: '100' }))).not.toContain('undo');
    expect(actions({ status: 'Complete' })).not.toContain('undo');
  });

  it('has a timeline of what AWS tells and what was seen', () => {
    const seen = [{ status: 'Active', at: new Date('2026-11-22T10:02:00Z') }];
    const ended = { status: 'Complete', terminationDate: new Date('2026-11-22T10:03:00Z') };
    const [timeline] = find(model(ended, { seen }).blocks, 'timeline');
    expect(timeline?.entries.map(({ text }) => text)).toEqual([
      ...['Created', 'Awaiting confirmation', 'Active', 'Complete'],
    ]);
  });

  it('names the jobs that it retries and that retry it, and what is left', () => {
    const retryJob = { ...JOB, description: 'Again', status: 'Complete', total: 10, succeeded: 7 };
    const lineage = { attempt: 2, parent: 'job-0', retry: 'job-2', retryJob };
    const texts = JSON.stringify(find(model({}, { lineage }).blocks, 'facts')[0]?.facts);
    expect(texts).toContain('job-0 (no longer exists)');
    expect(texts).toContain('{"text":"Again · Complete","action":"retry"}');
    expect(texts).toContain('3 objects');
  });

  it('says all that was asked, and what this version does not know of it', () => {
    const unknownMembers = ['Operation.S3PutObjectRetention.EventHold'];
    const text = JSON.stringify(model({ unknownMembers }).blocks);
    const told = ['a', 's3://assets/m.csv', 's3://assets/reports/job-job-1/', ...unknownMembers];
    for (const one of told) expect(text).toContain(one);
    expect(find(model().blocks, 'details')[0]?.blocks[0]).toMatchObject({ kind: 'code' });
  });
});

describe('the rate of a job', () => {
  const at = (succeeded: number) => ({ ...JOB, succeeded, failed: 0, elapsedSeconds: 1_000 });

  it('is that of the last minute', () => {
    const watch = new RateWatch();
    watch.see(at(0), 0);
    watch.see(at(1_000), 100_000);
    watch.see(at(1_500), 110_000);
    expect(watch.rate(at(1_500))).toEqual({ perSecond: 50, secondsLeft: 70 });
  });

  it('is AWS’s own count until enough was seen, and nothing before anything is done', () => {
    const watch = new RateWatch();
    watch.see(at(500), 0);
    expect(watch.rate(at(500))?.perSecond).toBe(0.5);
    expect(watch.rate(at(0))).toBeUndefined();
  });
});
