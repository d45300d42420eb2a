import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { estimateDirect } from '../../src/aws/cost/estimateDirect.ts';
import { estimateJob } from '../../src/aws/cost/estimateJob.ts';
import { DEFAULT_PRICES } from '../../src/aws/cost/prices.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import type { LambdaFunction } from '../../src/aws/functions/functions.ts';
import type { StoryFacts } from '../../src/aws/objectStory/facts.ts';
import { logFacts } from '../../src/aws/objectStory/readLog.ts';
import { buildStory } from '../../src/aws/objectStory/buildStory.ts';
import type { Check, CheckReason } from '../../src/aws/preflight/check.ts';
import type { BucketProperties } from '../../src/aws/properties/bucketProperties.ts';
import type { ObjectProperties } from '../../src/aws/properties/objectProperties.ts';
import type { Reading } from '../../src/aws/properties/reading.ts';
import { bucketBlocks } from '../../src/explorer/properties/bucketModel.ts';
import { objectBlocks } from '../../src/explorer/properties/objectModel.ts';
import { propertiesModel, unreadModel } from '../../src/explorer/properties/propertiesModel.ts';
import { syncModel } from '../../src/explorer/sync/syncModel.ts';
import { unfinishedModel } from '../../src/explorer/unfinished/unfinishedModel.ts';
import { jobPageModel } from '../../src/jobs/page/jobPageModel.ts';
import { preflightModel } from '../../src/jobs/preflight/preflightModel.ts';
import { reportHead } from '../../src/jobs/report/reportHead.ts';
import type { ReportHead } from '../../src/jobs/report/protocol.ts';
import { costBlocks } from '../../src/jobs/tags/costBlocks.ts';
import { tagsPage } from '../../src/jobs/tags/tagsPage.ts';
import { storyModel } from '../../src/resize/story/storyModel.ts';
import type { PageModel } from '../../src/vscode/page/protocol.ts';
import { tags } from './tagChangeCases.ts';

const KEY = 'photos/2026/November/IMG_20261122_100002345_original-uncompressed.jpeg';
const BUCKET = 'quarterly-marketing-photos-eu-central-1';
const URI = `s3://${BUCKET}/${KEY}`;
const AT = new Date('2026-11-22T10:00:00Z');
const later = (seconds: number): Date => new Date(AT.getTime() + 1000 * seconds);
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:make-thumbnails-of-photos';
const ROLE = 'arn:aws:iam::123456789012:role/service-role/S3BatchOperationsTaggingRole';
const OWNER = 'AWS profile marketing-production · 123456789012';

const session = {
  connection: { id: 'p', label: 'AWS profile marketing-production', region: 'eu-central-1' },
  identity: { accountId: '123456789012', arn: '', userId: '', partition: 'aws' },
};

const JOB: Job = {
  ...{ jobId: '1e10c2d4-91b2-4b0f-9d0c-3a5d8c2f6a77', region: 'eu-central-1', priority: 10 },
  ...{ description: 'Tag phototype=finished', status: 'Active', operation: 'S3PutObjectTagging' },
  ...{ total: 1_250_000, succeeded: 311_190, failed: 1_010, elapsedSeconds: 930 },
  does: { name: 'S3PutObjectTagging', tags: tags('phototype=finished', 'department=marketing') },
  request: { Operation: {}, Report: undefined, Priority: 10, RoleArn: ROLE },
  ...{ failureReasons: [], confirmationRequired: true, roleArn: ROLE },
  unknownMembers: ['Operation.S3PutObjectRetention.EventHold'],
  ...{ creationTime: AT, suspendedDate: later(60) },
  report: { bucket: `${BUCKET}-reports`, prefix: 'reports/tagging', scope: 'AllTasks' },
  manifest: { bucket: BUCKET, key: `${KEY}.csv`, eTag: 'e'.repeat(32), format: 'f', fields: [] },
};

/** Every kind of page that `media/page/` shows, with names as long as people give, by the function that makes it. */
export const SAMPLES: Readonly<Record<string, () => PageModel>> = {
  jobPageModel: () =>
    jobPageModel({
      ...{ job: JOB, session, rate: { perSecond: 340, secondsLeft: 2761 } },
      seen: [{ status: 'Active', at: later(90) }],
      lineage: { attempt: 2, parent: 'job-0', retry: 'job-2', retryJob: { ...JOB, succeeded: 7 } },
    }),
  preflightModel: preflightPage,
  tagsPage: tagsPageSample,
  syncModel: syncPage,
  unfinishedModel: unfinishedPage,
  storyModel: storyPage,
  propertiesModel: objectPage,
  'propertiesModel of a bucket': bucketPage,
  unreadModel: () => unreadModel(OWNER, { bucket: BUCKET, key: KEY }, denied('s3:GetObject')),
};

function denied(action: string): BrigadeError {
  return new BrigadeError('AccessDenied', URI, { action });
}

function preflightPage(): PageModel {
  const operation = { name: 'S3PutObjectTagging', tags: [] } as const;
  const check = (status: Check['status'], reason: CheckReason, more: Partial<Check> = {}) => ({
    ...({ id: 'manifest', status, subject: URI, reason } as const),
    ...more,
  });
  const event = {
    ...{ bucket: BUCKET, destination: FUNCTION, event: 's3:ObjectTagging:Put' },
    ...{ count: 1_000_000, isExact: true, isReport: false },
  };
  return preflightModel({
    ...{ name: 'Tag phototype=finished', where: OWNER, request: JOB.request },
    checks: [
      check('failed', {
        ...{ kind: 'notAllowed', purpose: 'tag' },
        missing: [
          { action: 's3:PutObjectTagging', resource: `arn:aws:s3:::${BUCKET}/*`, isDenied: true },
        ],
      }),
      check('failed', { kind: 'staleETag', found: 'x' }, { fixes: [{ kind: 'renewManifest' }] }),
      check('warned', { kind: 'events', event }),
      check('warned', { kind: 'noReport' }, { fixes: [{ kind: 'chooseReport' }] }),
      check('unchecked', { kind: 'objectsNotAsked', rows: 5000 }),
      check('passed', { kind: 'rows', rows: 1_250_000 }),
    ],
    cost: {
      job: estimateJob({ operation, objects: 1_250_000 }, DEFAULT_PRICES),
      direct: estimateDirect(1_250_000, DEFAULT_PRICES),
    },
    actions: [{ id: 'create', label: 'CreateJob', isPrimary: true }],
    canFix: () => true,
  });
}

function tagsPageSample(): PageModel {
  const refusal = { status: 400, code: 'TooManyTags', message: 'Object tags cannot be over 10' };
  const preview = {
    ...{ looked: 1000, complete: false, changing: 900, unchanged: 97 },
    refused: [{ ...refusal, count: 3, samples: [{ bucket: BUCKET, key: KEY }] }],
    examples: [
      { object: { bucket: BUCKET, key: KEY }, before: [], after: tags('phototype=finished') },
    ],
  };
  const cost = costBlocks(preview, DEFAULT_PRICES);
  return tagsPage({
    ...{ title: URI, subtitle: OWNER, facts: [{ term: 'S3', value: URI }], preview, cost },
    actions: [{ id: 'begin', label: 'LambdaInvoke', isPrimary: true }],
  });
}

function syncPage(): PageModel {
  const some = (count: number) => ({
    ...{ count, bytes: count * 1_300_000 },
    first: Array.from({ length: 3 }, () => ({ path: KEY, size: 1_300_000 })),
  });
  return syncModel({
    place: { direction: 'up', bucket: BUCKET, prefix: 'site/', folder: `/home/me/${KEY}` },
    ...{ owner: OWNER, comparedAt: AT, comparison: 'time', isDeleting: true, isRun: false },
    summary: {
      ...{ created: some(30_000), changed: some(2), deleted: some(5), same: some(100) },
      skipped: { count: 1, first: [{ path: KEY, reason: 'sameName' }] },
    },
  });
}

function unfinishedPage(): PageModel {
  const entry = (id: string, more: object) => ({
    upload: {
      ...{ bucket: BUCKET, key: KEY, uploadId: id, initiated: AT, storageClass: 'STANDARD' },
      initiator: 'arn:aws:iam::123456789012:user/marketing',
    },
    ...{ isWorking: false, bytes: 5_368_709_120, ...more },
  });
  const entries = [entry('a', { source: 'file:///a' }), entry('b', { activeAt: AT })];
  return unfinishedModel({
    ...{ bucket: BUCKET, owner: OWNER, readAt: AT, isMeasuring: true },
    entries: [...entries, entry('c', { isWorking: true })],
  });
}

function storyPage(): PageModel {
  const object = { bucket: BUCKET, key: KEY };
  const upload = { at: AT, size: 7_340_032, eTag: 'e1' };
  const id = '3f1e2d4c-7a6b-4c8d-9e0f-1a2b3c4d5e6f';
  const line = (seconds: number, message: string) => ({
    ...{ timestamp: later(seconds), message },
    stream: '2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef',
  });
  const said = { ...object, outcome: 'started', eTag: 'e1' };
  const lines = [
    line(1, `START RequestId: ${id} Version: $LATEST`),
    line(1, `${later(1).toISOString()}\t${id}\tINFO\t${JSON.stringify(said)}`),
    line(
      9,
      `REPORT RequestId: ${id}\tDuration: 8120.37 ms\tBilled Duration: 8434 ms\tMemory Size: 512 MB\tMax Memory Used: 512 MB\tInit Duration: 313.61 ms\tStatus: timeout\t`,
    ),
  ];
  const details = {
    ...{ timeoutSeconds: 8, memoryMegabytes: 512, state: 'Active', reason: '' },
  } as LambdaFunction;
  const notification = {
    ...{ id: 'new-images', destination: { kind: 'lambda', arn: FUNCTION } as const },
    ...{ events: ['s3:ObjectCreated:*'], prefix: '', suffix: '.jpeg' },
  };
  const facts: StoryFacts = {
    ...{ object, since: AT, upload: { kind: 'known', value: upload } },
    notifications: {
      kind: 'known',
      value: { notifications: [notification], eventBridge: false },
    },
    function: {
      ...{ name: 'make-thumbnails-of-photos', arn: FUNCTION, region: 'eu-central-1' },
      ...{ logGroup: '/aws/lambda/make-thumbnails-of-photos', isOurs: true, retries: 2 },
      details: { kind: 'known', value: details },
    },
    log: { kind: 'known', value: logFacts(lines, { ...object, ...upload }) },
    results: [
      {
        ...{ bucket: `${BUCKET}-resized`, key: `resized-${KEY}`, state: 'there', at: later(9) },
        ...{ size: 73_400, width: 200, height: 133 },
      },
    ],
  };
  return storyModel({
    facts,
    story: buildStory(facts, later(12)),
    owner: OWNER,
    mode: 'following',
  });
}

const known = <T>(value: T): Reading<T> => ({ kind: 'known', value });
const NAMES = {
  uri: URI,
  arn: `arn:aws:s3:::${BUCKET}/${KEY}`,
  url: `https://${BUCKET}.s3.eu-central-1.amazonaws.com/${KEY}`,
};

function objectPage(): PageModel {
  const head: HeadObjectCommandOutput = {
    ...{ ContentLength: 7_340_032, LastModified: AT, ETag: '"e1"', ContentType: 'image/jpeg' },
    StorageClass: 'INTELLIGENT_TIERING',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    Metadata: { department: 'marketing', 'original-file-name': KEY },
    $metadata: {},
  };
  const properties: ObjectProperties = {
    ...{ head: known(head), attributes: { kind: 'denied', action: 's3:GetObjectAttributes' } },
    ...{ tags: known(tags('phototype=finished')), retention: { kind: 'none' } },
    ...{ legalHold: known('ON'), acl: { kind: 'failed', error: denied('s3:GetObjectAcl') } },
  };
  const place = { bucket: BUCKET, key: KEY };
  const blocks = objectBlocks(properties, NAMES);
  return propertiesModel({ place, owner: OWNER, readAt: AT, blocks });
}

function bucketPage(): PageModel {
  const none = { kind: 'none' } as const;
  const refused = (action: string) => ({ kind: 'denied', action }) as const;
  const properties: BucketProperties = {
    ...{ region: 'eu-central-1', created: known(AT) },
    versioning: known({ status: 'Suspended', mfaDelete: 'Disabled' }),
    encryption: refused('s3:GetEncryptionConfiguration'),
    publicAccess: known({ BlockPublicAcls: true, BlockPublicPolicy: true }),
    ...{ ownership: known('BucketOwnerEnforced'), acl: { kind: 'notOffered' } },
    policy: known('{"Version":"2012-10-17","Statement":[]}'),
    ...{ policyStatus: none, notifications: none, lifecycle: none, cors: none, tags: none },
    ...{ logging: none, website: none, replication: none, objectLock: none, acceleration: none },
    ...{ payer: known('BucketOwner'), intelligentTiering: none, inventories: none },
  };
  const blocks = bucketBlocks(properties, NAMES);
  return propertiesModel({ place: { bucket: BUCKET }, owner: OWNER, readAt: AT, blocks });
}

/** What stands above the rows of a completion report. */
export function sampleHead(): ReportHead {
  const group = { places: [{ bucket: BUCKET, prefix: 'photos/' }], hasVersions: false };
  const missing = [
    { actions: ['s3:PutObjectTagging'], resources: [`arn:aws:s3:::${BUCKET}/*`], purpose: 'tag' },
  ] as const;
  return reportHead({
    ...{ session, name: 'job', report: { key: 'reports/job-1/manifest.json' } },
    job: { ...JOB, status: 'Complete', terminationDate: later(3600) },
    summary: {
      ...{ rows: 1_249_998, succeeded: 1_248_988, failed: 1_010, failedVersions: 0 },
      ...{ hasVersions: true, buckets: [BUCKET] },
      groups: [
        {
          ...{ ...group, errorCode: 'AccessDenied', httpStatus: 403, count: 1000 },
          message: `User: ${ROLE} is not authorized to perform: s3:PutObjectTagging on ${URI} because no identity-based policy allows it`,
          sampleKeys: [KEY, `${KEY}.bak`, `${KEY}.old`],
        },
        {
          ...{ ...group, errorCode: 'NoSuchKey', httpStatus: 404, count: 10 },
          ...{ message: 'The specified key does not exist.', sampleKeys: [KEY] },
        },
      ],
      damage: { count: 2, first: [{ damage: 'missing', file: 'reports/job-1/results/1.csv' }] },
    },
    denials: new Map([[0, { decision: 'implicitDeny', missing }]]),
  });
}
