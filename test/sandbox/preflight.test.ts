import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { addPermissions } from '../../src/aws/preflight/addPermissions.ts';
import { applyFix, type AppliedFix } from '../../src/aws/preflight/applyFix.ts';
import type { Check, CheckId } from '../../src/aws/preflight/check.ts';
import { preflight, type PreflightFacts } from '../../src/aws/preflight/preflight.ts';
import { batchRolePolicy, batchTrustPolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createRole, putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let sandbox: SandboxClients;
let clients: AwsClients;
let bucket: string;
let roles = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  ({ clients } = sandbox);
  bucket = await sandbox.bucket();
});
afterAll(() => sandbox.close());

const CALLER = 'arn:aws:iam::123456789012:user/sandbox';

/** A role that may do all that a tagging job does, unless it is told otherwise. */
async function role({
  policy = true,
  trust = batchTrustPolicy(),
}: { policy?: boolean; trust?: object } = {}): Promise<string> {
  roles += 1;
  const name = `batch-${roles}`;
  const { arn } = await createRole(clients, { name, trust });
  if (!policy) return arn;
  const document = JSON.stringify(
    batchRolePolicy({
      partition: 'aws',
      operation: { name: 'S3PutObjectTagging', targets: [{ bucket }] },
      manifest: { bucket, key: 'm.csv' },
      report: { bucket },
    }),
  );
  await putRolePolicy(clients, { role: name, policy: 'job', document });
  return arn;
}

/** A manifest of objects that are there. */
async function manifest(body?: string, into = bucket) {
  const client = clients.s3();
  await writeObject(client, { bucket, key: 'a b.png', body: 'x' });
  const text = body ?? `${bucket},a%20b.png\n`;
  const { eTag } = await writeObject(client, { bucket: into, key: 'm.csv', body: text });
  return {
    Spec: {
      Format: 'S3BatchOperations_CSV_20180820' as const,
      Fields: ['Bucket', 'Key'] as ('Bucket' | 'Key' | 'VersionId')[],
    },
    Location: { ObjectArn: `arn:aws:s3:::${into}/m.csv`, ETag: eTag },
  };
}

/** A request for a job of which nothing is wrong. */
async function request(change: Partial<CreateJobRequest> = {}): Promise<CreateJobRequest> {
  return {
    AccountId: clients.accountId,
    ClientRequestToken: 'token',
    ConfirmationRequired: true,
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
    Report: {
      ...{ Enabled: true, Bucket: `arn:aws:s3:::${bucket}` },
      ...{ Format: 'Report_CSV_20180820', ReportScope: 'AllTasks' },
    },
    Priority: 10,
    RoleArn: change.RoleArn ?? (await role()),
    Manifest: change.ManifestGenerator ? undefined : (change.Manifest ?? (await manifest())),
    ...change,
  };
}

async function check(asked: CreateJobRequest, facts: PreflightFacts = {}) {
  return await preflight(clients, asked, { callerArn: CALLER, ...facts });
}

const brief = (checks: readonly Check[], id?: CheckId): string[] =>
  checks
    .filter(one => id === undefined || one.id === id)
    .map(one => `${one.id} ${one.status} ${one.reason.kind}`);

/** Does the first fix of a check, and checks again. */
async function fixed(asked: CreateJobRequest, id: CheckId) {
  const before = await check(asked);
  const broken = before.checks.find(one => one.id === id && one.status !== 'passed');
  const after = await applyFix(clients, asked, broken!.fixes![0] as AppliedFix);
  return {
    before: brief(before.checks, id),
    request: after,
    after: brief((await check(after)).checks, id),
  };
}

describe('preflight', () => {
  it('passes all of a job of which nothing is wrong but that it replaces tags', async () => {
    const { checks, objects, region } = await check(await request());
    expect(brief(checks)).toEqual([
      ...['request passed fine', 'operation passed fine', 'operation warned operationWarning'],
      ...['manifest passed rows', 'manifestETag passed fine', 'manifestRows passed fine'],
      ...['manifestEncryption passed fine', 'manifestDuplicates passed fine'],
      ...['objects passed objectsAsked', 'versions passed notVersioned', 'regions passed region'],
      ...['roleTrust passed fine', 'rolePermissions passed allowed'],
      ...['rolePermissions passed allowed', 'rolePermissions passed allowed'],
      ...['rolePermissions passed allowed', 'rolePermissions passed allowed'],
      ...['caller passed callerAllowed', 'report passed fine', 'events passed noEvents'],
    ]);
    expect([objects, region]).toEqual([1, 'us-east-1']);
  });

  it('names limits that a request breaks', async () => {
    const asked = await request({ Description: '', Priority: -1, Tags: [{ Key: '', Value: 'x' }] });
    const { checks } = await check(asked);
    const limits = checks.flatMap(({ reason }) => (reason.kind === 'limit' ? [reason.limit] : []));
    expect(limits).toEqual(['priority', 'description', 'jobTags']);
  });

  it('says of an operation that it does not know that it can’t tell', async () => {
    const Operation = { S3DoSomethingNew: {} } as unknown as CreateJobRequest['Operation'];
    const { checks } = await check(await request({ Operation }));
    expect(brief(checks, 'operation')).toEqual(['operation unchecked unknownOperation']);
    expect(brief(checks, 'roleTrust')).toEqual(['roleTrust unchecked trustUnknown']);
    expect(brief(checks, 'events')).toContain('events unchecked eventsUnknown');
  });

  it('warns of a job that runs at once, and makes it wait', async () => {
    const asked = await request({ ConfirmationRequired: false });
    const { before, request: after } = await fixed(asked, 'request');
    expect(before).toContain('request warned runsAtOnce');
    expect(after.ConfirmationRequired).toBe(true);
  });
});

describe('preflight of a manifest', () => {
  it('finds one that is not there', async () => {
    const asked = await request();
    asked.Manifest!.Location!.ObjectArn = `arn:aws:s3:::${bucket}/none.csv`;
    const { checks } = await check(asked);
    expect(brief(checks, 'manifest')).toEqual(['manifest failed missing']);
    expect(brief(checks, 'objects')).toEqual([]);
  });

  it('renews an ETag that is stale, and one in quotes', async () => {
    const asked = await request();
    await manifest(`${bucket},a%20b.png\n\n`);
    const stale = await fixed(asked, 'manifestETag');
    expect([stale.before, stale.after]).toEqual([
      ['manifestETag failed staleETag'],
      ['manifestETag passed fine'],
    ]);
    const quoted = { ...stale.request, Manifest: structuredClone(stale.request.Manifest) };
    quoted.Manifest!.Location!.ETag = `"${quoted.Manifest!.Location!.ETag}"`;
    const unquoted = await fixed(quoted, 'manifestETag');
    expect([unquoted.before, unquoted.after]).toEqual([
      ['manifestETag failed quotedETag'],
      ['manifestETag passed fine'],
    ]);
  });

  it('encodes keys, drops a header and renews columns', async () => {
    const keys = await request({ Manifest: await manifest(`${bucket},a b.png\n`) });
    expect(await fixed(keys, 'manifestRows')).toMatchObject({
      before: ['manifestRows failed problem'],
      after: ['manifestRows passed fine'],
    });
    const header = await request({ Manifest: await manifest(`bucket,key\n${bucket},a%20b.png\n`) });
    expect((await fixed(header, 'manifestRows')).after).toEqual(['manifestRows passed fine']);
    const columns = await request({ Manifest: await manifest(`${bucket},a%20b.png,x\n`) });
    const found = await check(columns);
    expect(brief(found.checks, 'manifestRows')).toContain('manifestRows failed fields');
  });

  it('finds rows that are there twice, and objects that are not there', async () => {
    const row = `${bucket},a%20b.png\n`;
    const twice = await request({ Manifest: await manifest(row + row) });
    expect((await fixed(twice, 'manifestDuplicates')).after).toEqual([
      'manifestDuplicates passed fine',
    ]);
    const gone = await request({ Manifest: await manifest(`${row}${bucket},gone\n`) });
    const { before, after } = await fixed(gone, 'objects');
    expect(before).toEqual(['objects warned objectsMissing']);
    expect(after).toEqual(['objects passed objectsAsked']);
    const none = await request({ Manifest: await manifest(`${bucket},gone\n${bucket},too\n`) });
    expect(brief((await check(none)).checks, 'objects')).toEqual(['objects failed objectsMissing']);
  });

  it('asks for more than a thousand objects only when it is told to', async () => {
    const rows = Array.from({ length: 1001 }, (_, at) => `${bucket},missing-${at}\n`).join('');
    const asked = await request({ Manifest: await manifest(rows) });
    const first = await check(asked);
    expect(brief(first.checks, 'objects')).toEqual(['objects unchecked objectsNotAsked']);
    expect(first.checks.find(({ id }) => id === 'objects')!.fixes).toEqual([
      { kind: 'askObjects' },
    ]);
    const second = await check(asked, { asksObjects: true });
    expect(brief(second.checks, 'objects')).toEqual(['objects failed objectsMissing']);
  });

  it('fills in versions where a bucket has them', async () => {
    const versioned = await sandbox.bucket();
    const client = clients.s3();
    const on = { Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' as const } };
    await client.send(new PutBucketVersioningCommand(on));
    await writeObject(client, { bucket: versioned, key: 'v.png', body: 'x' });
    const asked = await request({ Manifest: await manifest(`${versioned},v.png\n`) });
    const { before, after, request: filled } = await fixed(asked, 'versions');
    expect([before, after]).toEqual([
      ['versions warned latestVersions'],
      ['versions passed versionsNamed'],
    ]);
    expect(filled.Manifest!.Spec!.Fields).toEqual(['Bucket', 'Key', 'VersionId']);
  });
});

describe('preflight of objects that S3 finds', () => {
  const generator = (SourceBucket: string, prefix: string) => ({
    S3JobManifestGenerator: {
      ...{ SourceBucket: `arn:aws:s3:::${SourceBucket}`, EnableManifestOutput: false },
      Filter: { KeyNameConstraint: { MatchAnyPrefix: [prefix] } },
    },
  });

  it('counts them', async () => {
    await writeObject(clients.s3(), { bucket, key: 'in/a', body: 'x' });
    const found = await check(await request({ ManifestGenerator: generator(bucket, 'in/') }));
    expect([brief(found.checks, 'objects'), found.objects]).toEqual([
      ['objects passed generated'],
      1,
    ]);
    const none = await check(await request({ ManifestGenerator: generator(bucket, 'none/') }));
    expect(brief(none.checks, 'objects')).toEqual(['objects failed noObjects']);
  });

  it('warns of a report among them', async () => {
    const asked = await request({ ManifestGenerator: generator(bucket, '') });
    delete asked.ManifestGenerator!.S3JobManifestGenerator!.Filter;
    const { checks } = await check(asked);
    expect(brief(checks, 'report')).toEqual(['report warned reportAmongObjects']);
  });
});

describe('preflight of a role', () => {
  it('finds one that is not there, or of another account', async () => {
    const none = await request({ RoleArn: `arn:aws:iam::${clients.accountId}:role/none` });
    expect(brief((await check(none)).checks, 'roleTrust')).toEqual(['roleTrust failed noRole']);
    const other = await request({ RoleArn: 'arn:aws:iam::999999999999:role/theirs' });
    expect(brief((await check(other)).checks, 'roleTrust')).toEqual([
      'roleTrust failed otherAccount',
    ]);
  });

  it('lets S3 Batch Operations assume it, beside those who could', async () => {
    const Principal = { Service: 'lambda.amazonaws.com' };
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' },
    };
    const asked = await request({ RoleArn: await role({ trust }) });
    expect(await fixed(asked, 'roleTrust')).toMatchObject({
      before: ['roleTrust failed untrusted'],
      after: ['roleTrust passed fine'],
    });
  });

  it('adds each permission that it lacks, until nothing is missing', async () => {
    let asked = await request({ RoleArn: await role({ policy: false }) });
    const before = await check(asked);
    const lacking = before.checks.filter(({ reason }) => reason.kind === 'notAllowed');
    expect(lacking.map(({ status }) => status)).toEqual([
      ...['failed', 'warned', 'failed', 'failed', 'warned'],
    ]);
    for (const { fixes } of lacking) {
      asked = await applyFix(clients, asked, fixes![0] as AppliedFix);
    }
    const after = await check(asked);
    expect(after.checks.filter(({ reason }) => reason.kind === 'notAllowed')).toEqual([]);
    expect(brief(after.checks, 'rolePermissions')).toHaveLength(5);
  });

  it('offers no permission against one that is denied', async () => {
    const arn = await role();
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action: 's3:PutObjectTagging', Resource: '*' },
    });
    await putRolePolicy(clients, { role: arn.split('/')[1]!, policy: 'deny', document });
    const { checks } = await check(await request({ RoleArn: arn }));
    const denied = checks.find(({ reason }) => reason.kind === 'notAllowed')!;
    expect([denied.status, denied.fixes]).toEqual(['failed', []]);
  });
});

describe('preflight for who may not do all', () => {
  /** Clients as a role that may do what a policy says. */
  async function as(statements: readonly object[]): Promise<{ arn: string; clients: AwsClients }> {
    roles += 1;
    const name = `person-${roles}`;
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: CALLER }, Action: 'sts:AssumeRole' },
    };
    const made = await createRole(clients, { name, trust });
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await putRolePolicy(clients, { role: name, policy: 'p', document });
    const assumed = await clients
      .sts()
      .send(new AssumeRoleCommand({ RoleArn: made.arn, RoleSessionName: 'me' }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials!;
    const credentials = {
      ...{ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
      sessionToken: SessionToken,
    };
    const { endpoint, region } = sandbox.sandbox;
    const own = createClients({ region, endpoint, credentials }, clients);
    return { arn: assumed.AssumedRoleUser!.Arn!, clients: own };
  }
  const all = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

  it('names what the caller lacks, as a policy to ask for', async () => {
    const person = await as([all('s3:*', 'iam:Get*', 'iam:List*', 'iam:Simulate*')]);
    const asked = await request();
    const { checks } = await preflight(person.clients, asked, { callerArn: person.arn });
    const caller = checks.find(({ id }) => id === 'caller')!;
    expect(caller).toMatchObject({
      status: 'failed',
      reason: { missing: [{ action: 'iam:PassRole', resource: asked.RoleArn, isDenied: false }] },
      fixes: [{ kind: 'copyPolicy' }],
    });
    person.clients.destroy();
  });

  it('reads the role’s policies where it may not ask IAM', async () => {
    const person = await as([all('s3:*', 'iam:Get*', 'iam:List*')]);
    const { checks } = await preflight(person.clients, await request(), { callerArn: person.arn });
    expect(brief(checks, 'caller')).toEqual(['caller unchecked callerUnknown']);
    const permissions = checks.filter(({ id }) => id === 'rolePermissions');
    expect(permissions.map(({ status, reason }) => [status, 'by' in reason && reason.by])).toEqual(
      Array.from({ length: 5 }, () => ['passed', 'policies']),
    );
    person.clients.destroy();
  });

  it('says of all that it may not look at that it can’t tell', async () => {
    const person = await as([all('s3:GetObject')]);
    const { checks } = await preflight(person.clients, await request(), { callerArn: person.arn });
    const statuses = checks.map(({ id, status }) => `${id} ${status}`);
    for (const id of ['roleTrust', 'rolePermissions', 'caller', 'report', 'versions', 'events']) {
      expect(statuses).toContain(`${id} unchecked`);
      expect(statuses).not.toContain(`${id} passed`);
    }
    person.clients.destroy();
  });
});

describe('preflight of the report', () => {
  it('warns of none, and of a bucket that is not there; takes that of the objects', async () => {
    const none = await request({ Report: { Enabled: false } });
    expect(await fixed(none, 'report')).toMatchObject({
      before: ['report warned noReport'],
      after: ['report passed fine'],
    });
    const gone = await request();
    gone.Report!.Bucket = 'arn:aws:s3:::not-there-at-all';
    expect((await fixed(gone, 'report')).before).toEqual(['report failed missing']);
  });
});

it('adds permissions to what it added before, each once', async () => {
  const arn = await role({ policy: false });
  const one = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::a/*' } as const;
  const two = { ...one, Resource: 'arn:aws:s3:::b/*' };
  await addPermissions(clients, { roleArn: arn, statements: [one] });
  await addPermissions(clients, { roleArn: arn, statements: [one, two] });
  const { getRolePolicy } = await import('../../src/aws/roles/roleDetails.ts');
  const name = arn.split('/')[1]!;
  const text = await getRolePolicy(clients, { role: name, policy: 'BucketBrigadeAdded' });
  const { Statement } = JSON.parse(text) as { Statement: { Resource: string }[] };
  expect(Statement.map(({ Resource }) => Resource)).toEqual([one.Resource, two.Resource]);
});
