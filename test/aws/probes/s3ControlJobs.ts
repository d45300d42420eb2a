import { textOf, s3Of, xml, type Scenario, type World } from '../scenario.ts';
import type { RawAnswer, Request } from '../wire.ts';

const NAMESPACE = 'http://awss3control.amazonaws.com/doc/2018-08-20/';
const UNKNOWN = '00000000-0000-0000-0000-000000000000';
const TAGGING =
  '<S3PutObjectTagging><TagSet><member><Key>phototype</Key><Value>finished</Value></member></TagSet></S3PutObjectTagging>';

interface JobParts {
  operation?: string;
  report?: string;
  priority?: string;
  role?: string;
  manifest?: string;
  more?: string;
  token?: string;
}

/** Batch jobs: what is refused costs nothing, and one job is made, changed and cancelled. */
export const S3_CONTROL_JOBS: Scenario = {
  name: 's3control-jobs',
  hasBucket: true,
  async run(world) {
    const { bucket, send, probe, names } = world;
    const { headers } = await send(s3Of(bucket).put('manifest.csv', { body: `${bucket},k\n` }));
    const etag = headers['etag']!.replaceAll('"', '');
    await send(s3Of(bucket).put('k', { body: 'x' }));
    const parts = (more: JobParts): string => jobOf(world, etag, more);
    await probe('list', jobs(world, 'GET', '', { maxResults: '1', jobStatuses: 'Paused' }));
    await refusedLists(world);
    for (const [name, more] of Object.entries(refusedJobs(world))) {
      await probe(`create: ${name}`, jobs(world, 'POST', '', {}, parts(more)));
    }
    await probe('create: no XML', jobs(world, 'POST', '', {}, 'job'));
    await probe('create: another root', jobs(world, 'POST', '', {}, xml('Job', '', NAMESPACE)));
    await unknownJobs(world);
    const document = parts({ token: names.suffix });
    const created = await probe('create', jobs(world, 'POST', '', {}, document));
    const id = textOf(created, 'JobId');
    // What was made a moment ago may not be known everywhere.
    const isSuspended = ({ text }: RawAnswer): boolean => text.includes('<Status>Suspended<');
    await probe('describe', jobs(world, 'GET', `/${id}`), isSuspended);
    await probe('create again', jobs(world, 'POST', '', {}, document));
    const other = parts({ token: names.suffix, priority: '11' });
    await probe('create another by the same token', jobs(world, 'POST', '', {}, other));
    await tags(world, id);
    await changes(world, id);
  },
};

function jobs(
  { accountId }: World,
  method: string,
  path: string,
  query: Request['query'] = {},
  body = '',
): Request {
  const headers = { 'x-amz-account-id': accountId };
  return { service: 's3_control', method, path: `/v20180820/jobs${path}`, query, headers, body };
}

function jobOf(world: World, etag: string, parts: JobParts): string {
  const { bucket, partition, accountId, names, region } = world;
  const arn = `arn:${partition}:s3:::${bucket}`;
  const role = `arn:${partition}:iam::${accountId}:role/${names.otherRoles[0]}`;
  const spec =
    '<Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member></Fields></Spec>';
  const location = `<Location><ObjectArn>${arn}/manifest.csv</ObjectArn><ETag>${etag}</ETag></Location>`;
  const {
    operation = TAGGING,
    report = `<Enabled>true</Enabled><Bucket>${arn}</Bucket><Format>Report_CSV_20180820</Format><Prefix>reports</Prefix><ReportScope>AllTasks</ReportScope>`,
    priority = '10',
    manifest = `<Manifest>${spec}${location}</Manifest>`,
    token = `${names.suffix}-refused`,
  } = parts;
  const content = [
    '<ConfirmationRequired>true</ConfirmationRequired>',
    `<Operation>${operation}</Operation><Report>${report}</Report>`,
    `<ClientRequestToken>${token}</ClientRequestToken>${manifest}`,
    `<Description>Compare ${bucket} ${region}</Description><Priority>${priority}</Priority>`,
    `<RoleArn>${parts.role ?? role}</RoleArn>`,
    parts.more ?? '<Tags><member><Key>a</Key><Value>1</Value></member></Tags>',
  ].join('');
  return xml('CreateJobRequest', content, NAMESPACE);
}

function refusedJobs({ partition, accountId, bucket }: World): Record<string, JobParts> {
  const tag = (key: string): string => `<member><Key>${key}</Key><Value>v</Value></member>`;
  const role = (account: string, name: string): string =>
    `arn:${partition}:iam::${account}:role/${name}`;
  const tagging = (content: string): string =>
    `<S3PutObjectTagging><TagSet>${content}</TagSet></S3PutObjectTagging>`;
  const location = `<Location><ObjectArn>arn:${partition}:s3:::${bucket}/manifest.csv</ObjectArn><ETag>x</ETag></Location>`;
  const manifest = (format: string, fields: string): string =>
    `<Manifest><Spec><Format>${format}</Format><Fields>${fields}</Fields></Spec>${location}</Manifest>`;
  const generator = `<ManifestGenerator><S3JobManifestGenerator><SourceBucket>arn:${partition}:s3:::${bucket}</SourceBucket><EnableManifestOutput>false</EnableManifestOutput></S3JobManifestGenerator></ManifestGenerator>`;
  return {
    'no operation': { operation: '' },
    'two operations': { operation: `${TAGGING}<S3DeleteObjectTagging/>` },
    'an unknown operation': { operation: '<S3Fly/>' },
    'eleven tags': {
      operation: tagging(Array.from({ length: 11 }, (_, at) => tag(`k${at}`)).join('')),
    },
    'one tag twice': { operation: tagging(tag('a') + tag('a')) },
    'a tag key of AWS': { operation: tagging(tag('aws:a')) },
    'a report without a bucket': { report: '<Enabled>true</Enabled>' },
    'a report in no ARN': {
      report: `<Enabled>true</Enabled><Bucket>${bucket}</Bucket><Format>Report_CSV_20180820</Format><ReportScope>AllTasks</ReportScope>`,
    },
    'a report of an unknown format': {
      report: `<Enabled>true</Enabled><Bucket>arn:${partition}:s3:::${bucket}</Bucket><Format>Report_XLS</Format><ReportScope>AllTasks</ReportScope>`,
    },
    'a report of an unknown scope': {
      report: `<Enabled>true</Enabled><Bucket>arn:${partition}:s3:::${bucket}</Bucket><Format>Report_CSV_20180820</Format><ReportScope>SomeTasks</ReportScope>`,
    },
    'no report': { report: '' },
    'a priority below zero': { priority: '-1' },
    'a word of priority': { priority: 'high' },
    'no role': { role: '' },
    'a role that is no ARN': { role: 'role' },
    'a missing role': { role: role(accountId, 'bucket-brigade-nobody') },
    'a role of another account': { role: role('111122223333', 'somebody') },
    'no manifest': { manifest: '' },
    'a manifest and a generator': {
      manifest: `${manifest('S3BatchOperations_CSV_20180820', '<member>Bucket</member><member>Key</member>')}${generator}`,
    },
    'a manifest of an unknown format': {
      manifest: manifest('CSV', '<member>Bucket</member><member>Key</member>'),
    },
    'a manifest without keys': {
      manifest: manifest('S3BatchOperations_CSV_20180820', '<member>Bucket</member>'),
    },
    'a manifest without fields': { manifest: manifest('S3BatchOperations_CSV_20180820', '') },
    'an unknown field': {
      manifest: manifest(
        'S3BatchOperations_CSV_20180820',
        '<member>Bucket</member><member>Key</member><member>Size</member>',
      ),
    },
    'no token': { token: '' },
    'a token of 65': { token: 't'.repeat(65) },
    'an empty description': { more: '<Description></Description>' },
  };
}

async function refusedLists(world: World): Promise<void> {
  const { probe, accountId } = world;
  const queries: Record<string, Record<string, string>> = {
    'none a page': { maxResults: '0' },
    '1001 a page': { maxResults: '1001' },
    'a word a page': { maxResults: 'many' },
    'an unknown status': { jobStatuses: 'Sleeping' },
    'a token of nobody': { nextToken: 'nobody' },
  };
  for (const [name, query] of Object.entries(queries)) {
    await probe(`list: ${name}`, jobs(world, 'GET', '', { jobStatuses: 'Paused', ...query }));
  }
  const request = jobs(world, 'GET', '', { jobStatuses: 'Paused' });
  await probe('list: no account', { ...request, headers: {} });
  await probe('list: no account id', { ...request, headers: { 'x-amz-account-id': 'me' } });
  const other = accountId === '111122223333' ? '444455556666' : '111122223333';
  await probe('list: another account', { ...request, headers: { 'x-amz-account-id': other } });
}

async function unknownJobs(world: World): Promise<void> {
  const { probe } = world;
  for (const [name, id] of [
    ['an unknown job', UNKNOWN],
    ['no id of a job', 'job'],
  ] as const) {
    await probe(`describe: ${name}`, jobs(world, 'GET', `/${id}`));
    await probe(`priority: ${name}`, jobs(world, 'POST', `/${id}/priority`, { priority: '1' }));
    const status = { requestedJobStatus: 'Cancelled' };
    await probe(`status: ${name}`, jobs(world, 'POST', `/${id}/status`, status));
    await probe(`tags: ${name}`, jobs(world, 'GET', `/${id}/tagging`));
  }
}

async function tags(world: World, id: string): Promise<void> {
  const { probe } = world;
  const put = (content: string): Request =>
    jobs(world, 'PUT', `/${id}/tagging`, {}, xml('PutJobTaggingRequest', content, NAMESPACE));
  const set = (...keys: string[]): string =>
    `<Tags>${keys.map(key => `<member><Key>${key}</Key><Value>v</Value></member>`).join('')}</Tags>`;
  const get = jobs(world, 'GET', `/${id}/tagging`);
  await probe('tags', get);
  const fiftyOne = Array.from({ length: 51 }, (_, at) => `k${at}`);
  for (const [name, content] of Object.entries({
    two: set('b', 'c'),
    none: '<Tags/>',
    'one twice': set('a', 'a'),
    'fifty-one': set(...fiftyOne),
    'a key of AWS': set('aws:a'),
    'an empty key': set(''),
    'no list': '',
  })) {
    const { status } = await probe(`put tags: ${name}`, put(content));
    if (status === 200) await probe(`tags: ${name}`, get);
  }
  await probe('delete tags', jobs(world, 'DELETE', `/${id}/tagging`));
  await probe('tags after deletion', get);
}

async function changes(world: World, id: string): Promise<void> {
  const { probe } = world;
  const priority = (value: string): Request =>
    jobs(world, 'POST', `/${id}/priority`, { priority: value });
  for (const value of ['42', '-1', 'high', '']) await probe(`priority "${value}"`, priority(value));
  const status = (requestedJobStatus: string, more = {}): Request =>
    jobs(world, 'POST', `/${id}/status`, { requestedJobStatus, ...more });
  for (const value of ['Complete', 'Suspended', 'ready', '']) {
    await probe(`status "${value}"`, status(value));
  }
  await probe(
    'status, a reason of 257',
    status('Cancelled', { statusUpdateReason: 'r'.repeat(257) }),
  );
  await probe('cancel', status('Cancelled', { statusUpdateReason: 'compared' }));
  const isCancelled = ({ text }: RawAnswer): boolean => text.includes('<Status>Cancelled<');
  await probe('describe what is cancelled', jobs(world, 'GET', `/${id}`), isCancelled);
  await probe('cancel again', status('Cancelled'));
  await probe('run what is cancelled', status('Ready'));
  await probe('priority of what is cancelled', priority('1'));
}
