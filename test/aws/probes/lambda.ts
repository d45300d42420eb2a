import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { s3Of, xml, type Scenario, type World } from '../scenario.ts';
import type { RawAnswer, Request } from '../wire.ts';
import { document } from './s3Words.ts';

/** The same bytes in every run, as Lambda tells their hash. */
async function zipOf(source: string): Promise<string> {
  const zip = new ZipFile();
  const options = { mtime: new Date('2026-01-01T00:00:00Z'), forceDosTimestamp: true };
  zip.addBuffer(Buffer.from(source), 'index.js', { ...options, compress: false });
  zip.end();
  return (await buffer(zip.outputStream)).toString('base64');
}

const SOURCE = `exports.handler = async event => {
  if (event.fail) throw new TypeError('asked to fail');
  return event;
};`;

const FUNCTIONS = '/2015-03-31/functions';

function call(method: string, path: string, input?: object, more: Partial<Request> = {}): Request {
  const body = input === undefined ? '' : JSON.stringify(input);
  const headers = { 'content-type': 'application/json', ...more.headers };
  return { service: 'lambda', method, path, body, ...more, headers };
}

/** One function: made, read, changed, invoked, allowed to S3, limited, removed. */
export const LAMBDA: Scenario = {
  name: 'lambda',
  hasBucket: true,
  async run(world) {
    const { probe, names } = world;
    const name = names.functionName;
    const at = `${FUNCTIONS}/${name}`;
    await missing(world);
    const zip = await zipOf(SOURCE);
    await refused(world, zip);
    // Lambda can assume a new role after some seconds.
    const made = call('POST', FUNCTIONS, { ...inputOf(world), Code: { ZipFile: zip } });
    await probe('create', made, ({ text }) => !/assumed by Lambda|not authorized/.test(text));
    await probe('create again', made);
    const isActive = ({ text }: RawAnswer): boolean => /"State":\s*"Active"/.test(text);
    await probe('configuration', call('GET', `${at}/configuration`), isActive);
    await tagsAndMore(world, at);
    await policy(world, at);
    await invocations(world, at);
    await concurrency(world);
    await changes(world, at, zip);
    await probe('delete', call('DELETE', at));
    const isGone = ({ status }: RawAnswer): boolean => status === 404;
    await probe('get what is deleted', call('GET', at), isGone);
    await probe('delete again', call('DELETE', at));
  },
};

function inputOf({ names, partition, accountId }: World) {
  return {
    FunctionName: names.functionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: `arn:${partition}:iam::${accountId}:role/${names.functionRole}`,
    Tags: { 'bucket-brigade:lab': names.suffix, 'bucket-brigade:lab-region': names.region },
  };
}

async function missing({ probe, names }: World): Promise<void> {
  const at = `${FUNCTIONS}/missing-${names.suffix}`;
  const asked: Record<string, Request> = {
    get: call('GET', at),
    configuration: call('GET', `${at}/configuration`),
    policy: call('GET', `${at}/policy`),
    invoke: call('POST', `${at}/invocations`, {}),
    'update code': call('PUT', `${at}/code`, { ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==' }),
    'update configuration': call('PUT', `${at}/configuration`, { Timeout: 4 }),
    concurrency: call('GET', `/2019-09-30/functions/missing-${names.suffix}/concurrency`),
    'put concurrency': call('PUT', `/2017-10-31/functions/missing-${names.suffix}/concurrency`, {
      ReservedConcurrentExecutions: 1,
    }),
    versions: call('GET', `${at}/versions`),
    'event config': call(
      'GET',
      `/2019-09-25/functions/missing-${names.suffix}/event-invoke-config`,
    ),
    'add permission': call('POST', `${at}/policy`, {
      ...{ StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
    }),
  };
  for (const [name, request] of Object.entries(asked)) await probe(`missing: ${name}`, request);
  await probe('no name of a function', call('GET', `${FUNCTIONS}/${'f'.repeat(141)}`));
  await probe('a bad name of a function', call('GET', `${FUNCTIONS}/a%20b`));
}

async function refused(world: World, zip: string): Promise<void> {
  const { probe, partition, accountId, bucket, names } = world;
  const good = { ...inputOf(world), Code: { ZipFile: zip } };
  const cases: Record<string, object> = {
    'no name': { FunctionName: undefined },
    'a bad name': { FunctionName: 'a b' },
    'a name of 65': { FunctionName: 'f'.repeat(65) },
    'no role': { Role: undefined },
    'no ARN of a role': { Role: 'role' },
    'a missing role': { Role: `arn:${partition}:iam::${accountId}:role/bucket-brigade-nobody` },
    'an unknown runtime': { Runtime: 'nodejs1.x' },
    'no runtime': { Runtime: undefined },
    'no handler': { Handler: undefined },
    'a handler with a space': { Handler: 'a b' },
    'no code': { Code: undefined },
    'empty code': { Code: {} },
    'code that is no zip': { Code: { ZipFile: 'YWJj' } },
    'code that is no base64': { Code: { ZipFile: '***' } },
    'code of a missing object': { Code: { S3Bucket: bucket, S3Key: 'missing.zip' } },
    'code of a missing bucket': { Code: { S3Bucket: `missing-${names.suffix}`, S3Key: 'a.zip' } },
    'too little memory': { MemorySize: 64 },
    'too much memory': { MemorySize: 99_999 },
    'no seconds': { Timeout: 0 },
    'too many seconds': { Timeout: 99_999 },
    'an unknown architecture': { Architectures: ['mips'] },
    'two architectures': { Architectures: ['x86_64', 'arm64'] },
    'a reserved variable': { Environment: { Variables: { AWS_REGION: 'x' } } },
    'a variable with a hyphen': { Environment: { Variables: { 'a-b': 'x' } } },
    'too many variables': { Environment: { Variables: { AB: 'x'.repeat(4097) } } },
    'too little storage': { EphemeralStorage: { Size: 1 } },
    'a number for a text': { Description: 5 },
    'a description of 257': { Description: 'd'.repeat(257) },
  };
  for (const [name, more] of Object.entries(cases)) {
    const isJudged = ({ text }: RawAnswer): boolean =>
      name === 'a missing role' || !text.includes('assumed by Lambda');
    await probe(`create: ${name}`, call('POST', FUNCTIONS, { ...good, ...more }), isJudged);
  }
  await probe('create: no JSON', { ...call('POST', FUNCTIONS), body: '{' });
}

async function tagsAndMore(
  { probe, partition, accountId, region, names }: World,
  at: string,
): Promise<void> {
  const arn = `arn:${partition}:lambda:${region}:${accountId}:function:${names.functionName}`;
  const tags = `/2017-03-31/tags/${encodeURIComponent(arn)}`;
  await probe('tags', call('GET', tags));
  await probe('tag', call('POST', tags, { Tags: { a: '1' } }));
  await probe('tag by AWS', call('POST', tags, { Tags: { 'aws:a': '1' } }));
  await probe('untag', call('DELETE', tags, undefined, { query: { tagKeys: 'a' } }));
  await probe('untag nothing', call('DELETE', tags));
  await probe('tags of nobody', call('GET', `/2017-03-31/tags/${encodeURIComponent(`${arn}x`)}`));
  await probe('by ARN', call('GET', `${FUNCTIONS}/${encodeURIComponent(arn)}/configuration`));
  await probe(
    'by part of an ARN',
    call(
      'GET',
      `${FUNCTIONS}/${encodeURIComponent(`${accountId}:${names.functionName}`)}/configuration`,
    ),
  );
  await probe(
    'of a version',
    call('GET', `${at}/configuration`, undefined, { query: { Qualifier: '$LATEST' } }),
  );
  await probe(
    'of a missing version',
    call('GET', `${at}/configuration`, undefined, { query: { Qualifier: '9' } }),
  );
  await probe('versions', call('GET', `${at}/versions`));
  const none = { query: { MaxItems: '0' } };
  await probe('versions, none a page', call('GET', `${at}/versions`, undefined, none));
  await probe('get', call('GET', at));
}

async function policy(world: World, at: string): Promise<void> {
  const { probe, bucket, partition, accountId } = world;
  const good = {
    StatementId: 's3',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: `arn:${partition}:s3:::${bucket}`,
    SourceAccount: accountId,
  };
  const notify = (): Request => {
    const arn = `arn:${partition}:lambda:${world.region}:${accountId}:function:${world.names.functionName}`;
    const entry = `<CloudFunctionConfiguration><Id>i</Id><CloudFunction>${arn}</CloudFunction><Event>s3:ObjectRemoved:*</Event></CloudFunctionConfiguration>`;
    const body = document(xml('NotificationConfiguration', entry));
    return s3Of(bucket).put('', { query: { notification: '' }, ...body });
  };
  await probe('no policy yet', call('GET', `${at}/policy`));
  await probe('notify without permission', notify());
  await probe('add permission', call('POST', `${at}/policy`, good));
  await probe('add permission again', call('POST', `${at}/policy`, good));
  const cases: Record<string, object> = {
    'no statement id': { StatementId: undefined },
    'a bad statement id': { StatementId: 'a b' },
    'another action': { Action: 'lambda:Fly' },
    'an action of S3': { Action: 's3:GetObject' },
    'no principal': { Principal: undefined },
    'an unknown principal': { Principal: 'nobody' },
    'no ARN': { SourceArn: 'bucket' },
    'no account': { SourceAccount: '12' },
  };
  for (const [name, more] of Object.entries(cases)) {
    await probe(
      `add permission: ${name}`,
      call('POST', `${at}/policy`, { ...good, StatementId: 'other', ...more }),
    );
  }
  await probe('policy', call('GET', `${at}/policy`), ({ status }) => status === 200);
  await probe('notify with permission', notify(), ({ status }) => status === 200);
  await probe(
    'the notification',
    s3Of(bucket).get('', { query: { notification: '' } }),
    ({ text }) => text.includes('<Event>'),
  );
  await probe('remove permission', call('DELETE', `${at}/policy/s3`));
  await probe('remove permission again', call('DELETE', `${at}/policy/s3`));
  const empty = document(xml('NotificationConfiguration', ''));
  await probe('notify nobody', s3Of(bucket).put('', { query: { notification: '' }, ...empty }));
}

async function invocations({ probe }: World, at: string): Promise<void> {
  const invoke = (input: object | undefined, headers: Record<string, string> = {}): Request =>
    call('POST', `${at}/invocations`, input, { headers });
  await probe('invoke', invoke({ a: 1 }));
  await probe('invoke a failure', invoke({ fail: true }));
  await probe('invoke by nothing', invoke(undefined));
  await probe('invoke by no JSON', { ...invoke(undefined), body: 'event' });
  await probe('invoke later', invoke({ a: 1 }, { 'x-amz-invocation-type': 'Event' }));
  await probe('try to invoke', invoke({}, { 'x-amz-invocation-type': 'DryRun' }));
  await probe('invoke as nobody does', invoke({}, { 'x-amz-invocation-type': 'Never' }));
  await probe('invoke with an unknown log', invoke({}, { 'x-amz-log-type': 'Head' }));
  await probe('invoke a missing version', { ...invoke({}), query: { Qualifier: '9' } });
}

async function concurrency({ probe, names }: World): Promise<void> {
  const of = (version: string, rest: string): string =>
    `/${version}/functions/${names.functionName}/${rest}`;
  const put = (ReservedConcurrentExecutions: unknown): Request =>
    call('PUT', of('2017-10-31', 'concurrency'), { ReservedConcurrentExecutions });
  await probe('no concurrency', call('GET', of('2019-09-30', 'concurrency')));
  await probe('a concurrency of none', put(0));
  await probe('the concurrency of none', call('GET', of('2019-09-30', 'concurrency')));
  await probe('a concurrency below none', put(-1));
  await probe('a word of concurrency', put('few'));
  await probe('a concurrency beyond the account', put(1_000_000));
  await probe('delete the concurrency', call('DELETE', of('2017-10-31', 'concurrency')));
  const config = of('2019-09-25', 'event-invoke-config');
  await probe('no event config', call('GET', config));
  await probe('put an event config', call('PUT', config, { MaximumRetryAttempts: 1 }));
  await probe(
    'put an event config, too many retries',
    call('PUT', config, { MaximumRetryAttempts: 3 }),
  );
  await probe(
    'put an event config, too young',
    call('PUT', config, { MaximumEventAgeInSeconds: 59 }),
  );
  await probe('put an event config, nothing', call('PUT', config, {}));
  await probe('the event config', call('GET', config));
  await probe('delete the event config', call('DELETE', config));
}

async function changes({ probe }: World, at: string, zip: string): Promise<void> {
  const isDone = ({ text }: RawAnswer): boolean => /"LastUpdateStatus":\s*"Successful"/.test(text);
  const settled = (name: string): Promise<RawAnswer> =>
    probe(name, call('GET', `${at}/configuration`), isDone);
  await probe(
    'update configuration',
    call('PUT', `${at}/configuration`, {
      ...{
        Timeout: 9,
        MemorySize: 256,
        Description: 'changed',
        Environment: { Variables: { AB: '1' } },
      },
    }),
  );
  await settled('configuration after it');
  const bad = { Timeout: 9, RevisionId: '00000000-0000-0000-0000-000000000000' };
  await probe('update another revision', call('PUT', `${at}/configuration`, bad));
  await probe('update nothing', call('PUT', `${at}/configuration`, {}));
  await settled('configuration after nothing');
  await probe('update to no seconds', call('PUT', `${at}/configuration`, { Timeout: 0 }));
  await probe('update code, trying', call('PUT', `${at}/code`, { ZipFile: zip, DryRun: true }));
  await probe('update code', call('PUT', `${at}/code`, { ZipFile: await zipOf('// changed') }));
  await settled('configuration after code');
  await probe('update code by nothing', call('PUT', `${at}/code`, {}));
  const both = { ZipFile: zip, S3Bucket: 'bucket', S3Key: 'key' };
  await probe('update code by two things', call('PUT', `${at}/code`, both));
}
