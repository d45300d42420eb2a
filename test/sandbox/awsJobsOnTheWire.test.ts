import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  cancelJob,
  describeJob,
  listJobs,
  runJob,
  setJobPriority,
} from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob, type CreateJobInput } from '../../src/aws/batchJobs/createJob.ts';
import { checkRole } from '../../src/aws/roles/roleCheck.ts';
import { startScriptedServer as serve, type ScriptedRequest } from '../support/scriptedServer.ts';

/** What AWS's guide, service model and recordings show, where the sandbox shows only one of them. */
const NAMESPACE = 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"';

function controlError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>The specified job does not exist</Message></Error><RequestId>R</RequestId></ErrorResponse>`,
  );
}

describe('listJobs', () => {
  const job = (id: string, time: string, status: string) =>
    `<member><JobId>${id}</JobId><Operation>S3PutObjectTagging</Operation><Priority>10</Priority>` +
    `<Status>${status}</Status><CreationTime>${time}</CreationTime><ProgressSummary>` +
    `<TotalNumberOfTasks>4</TotalNumberOfTasks><NumberOfTasksSucceeded>2</NumberOfTasksSucceeded>` +
    `<NumberOfTasksFailed>1</NumberOfTasksFailed></ProgressSummary></member>`;

  it('reads all pages, sorts the newest first and takes a state it does not know', async () => {
    const { clients, requests } = await serve(({ url }, response) => {
      const second = url.searchParams.get('nextToken') === 't&2';
      const jobs = second
        ? job('c', '2026-11-03T00:00:00Z', 'Completing')
        : job('a', '2026-11-01T00:00:00Z', 'Complete') + job('b', '2026-11-02T00:00:00Z', 'Musing');
      const token = second ? '' : '<NextToken>t&amp;2</NextToken>';
      response.end(`<ListJobsResult ${NAMESPACE}>${token}<Jobs>${jobs}</Jobs></ListJobsResult>`);
    });
    const jobs = await listJobs(clients(), { statuses: ['Active', 'Complete'] });
    expect(jobs.map(({ jobId, status }) => [jobId, status])).toEqual([
      ['c', 'Completing'],
      ['b', 'Musing'],
      ['a', 'Complete'],
    ]);
    expect(jobs[0]).toMatchObject({ total: 4, succeeded: 2, failed: 1, priority: 10 });
    expect(requests).toHaveLength(2);
    expect(requests[0]?.url.searchParams.getAll('jobStatuses')).toEqual(['Active', 'Complete']);
    expect(requests[0]?.headers['x-amz-account-id']).toBe('123456789012');
  });

  it('is empty without jobs', async () => {
    const { clients } = await serve((_, response) =>
      response.end(`<ListJobsResult ${NAMESPACE}><Jobs/></ListJobsResult>`),
    );
    expect(await listJobs(clients())).toEqual([]);
  });
});

describe('describeJob', () => {
  const xml =
    `<DescribeJobResult ${NAMESPACE}><Job><JobId>j</JobId><JobArn>arn:aws:s3:us-east-1:123456789012:job/j</JobArn>` +
    '<Status>Suspended</Status><ConfirmationRequired>true</ConfirmationRequired><Priority>7</Priority>' +
    '<Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member></Fields></Spec>' +
    '<Location><ObjectArn>arn:aws:s3:::assets/lists/my list.csv</ObjectArn><ETag>"abc"</ETag></Location></Manifest>' +
    '<Operation><S3PutObjectTagging><TagSet><member><Key>phototype</Key><Value>finished</Value></member></TagSet></S3PutObjectTagging></Operation>' +
    '<Report><Bucket>arn:aws:s3:::assets</Bucket><Enabled>true</Enabled><Format>Report_CSV_20180820</Format><Prefix>r</Prefix><ReportScope>FailedTasksOnly</ReportScope></Report>' +
    '<FailureReasons><member><FailureCode>C</FailureCode><FailureReason>why</FailureReason></member></FailureReasons>' +
    '<ProgressSummary><TotalNumberOfTasks>3</TotalNumberOfTasks><Timers><ElapsedTimeInActiveSeconds>9</ElapsedTimeInActiveSeconds></Timers></ProgressSummary>' +
    '<SuspendedCause>AWAITING_CONFIRMATION</SuspendedCause><RoleArn>arn:aws:iam::123456789012:role/r</RoleArn></Job></DescribeJobResult>';

  it('tells all AWS tells', async () => {
    const { clients } = await serve((_, response) => response.end(xml));
    expect(await describeJob(clients(), { jobId: 'j' })).toMatchObject({
      jobId: 'j',
      operation: 'S3PutObjectTagging',
      tags: [{ key: 'phototype', value: 'finished' }],
      manifest: {
        bucket: 'assets',
        key: 'lists/my list.csv',
        eTag: 'abc',
        format: 'S3BatchOperations_CSV_20180820',
        fields: ['Bucket', 'Key'],
      },
      report: { bucket: 'assets', prefix: 'r', scope: 'FailedTasksOnly' },
      failureReasons: [{ code: 'C', reason: 'why' }],
      total: 3,
      succeeded: 0,
      elapsedSeconds: 9,
      suspendedCause: 'AWAITING_CONFIRMATION',
      confirmationRequired: true,
      roleArn: 'arn:aws:iam::123456789012:role/r',
    });
  });

  it('tells what is invoked, and how the objects are found', async () => {
    const generated = xml
      .replace(/<Manifest>.*<\/Manifest>/, '')
      .replace(
        /<Operation>.*<\/Operation>/,
        '<Operation><LambdaInvoke><FunctionArn>arn:aws:lambda:us-east-1:123456789012:function:resize</FunctionArn>' +
          '<InvocationSchemaVersion>2.0</InvocationSchemaVersion><UserArguments><entry><key>width</key><value>100</value></entry></UserArguments></LambdaInvoke></Operation>' +
          '<ManifestGenerator><S3JobManifestGenerator><SourceBucket>arn:aws:s3:::images</SourceBucket><EnableManifestOutput>true</EnableManifestOutput>' +
          '<ManifestOutputLocation><Bucket>arn:aws:s3:::assets</Bucket><ManifestPrefix>m</ManifestPrefix><ManifestFormat>S3InventoryReport_CSV_20211130</ManifestFormat></ManifestOutputLocation>' +
          '<Filter><KeyNameConstraint><MatchAnyPrefix><member>2026/</member></MatchAnyPrefix><MatchAnySubstring><member>x</member></MatchAnySubstring></KeyNameConstraint>' +
          '<EligibleForReplication>true</EligibleForReplication><ObjectSizeGreaterThanBytes>5</ObjectSizeGreaterThanBytes></Filter></S3JobManifestGenerator></ManifestGenerator>' +
          '<GeneratedManifestDescriptor><Format>S3InventoryReport_CSV_20211130</Format><Location><ObjectArn>arn:aws:s3:::assets/m/j/manifest.json</ObjectArn><ETag>"e"</ETag></Location></GeneratedManifestDescriptor>',
      );
    const { clients } = await serve((_, response) => response.end(generated));
    const job = await describeJob(clients(), { jobId: 'j' });
    expect(job).toMatchObject({
      operation: 'LambdaInvoke',
      invocation: {
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:resize',
        schemaVersion: '2.0',
        userArguments: { width: '100' },
      },
      generator: {
        sourceBucket: 'images',
        prefix: '2026/',
        output: { bucket: 'assets', prefix: 'm' },
        contains: 'x',
        minBytes: 6,
        otherFilters: ['EligibleForReplication'],
      },
      generatedManifest: { bucket: 'assets', key: 'm/j/manifest.json', eTag: 'e' },
    });
    expect(job.manifest).toBeUndefined();
    expect(job.tags).toBeUndefined();
  });

  it('waits for a job that was just created', async () => {
    let asked = 0;
    const { clients } = await serve((_, response) => {
      asked += 1;
      if (asked < 3) controlError(response, 404, 'NoSuchJob');
      else response.end(xml);
    });
    const job = await describeJob(clients(), { jobId: 'j', justCreated: true });
    expect(job.status).toBe('Suspended');
    expect(asked).toBe(3);
  });

  it.each([
    ['NoSuchJob', 404],
    ['NoSuchJobException', 400],
    ['NotFoundException', 404],
  ])('finds no job behind %s', async (code, status) => {
    const { clients } = await serve((_, response) => controlError(response, status, code));
    const job = describeJob(clients(), { jobId: 'j' });
    await expect(job).rejects.toMatchObject({ code: 'NotFound', awsCode: code, subject: 'j' });
  });
});

describe('changes of a job', () => {
  it('are sent as AWS wants them', async () => {
    const { clients, requests } = await serve(({ url }, response) => {
      const change = url.pathname.endsWith('priority') ? 'Priority' : 'Status';
      response.end(`<UpdateJob${change}Result ${NAMESPACE}/>`);
    });
    await runJob(clients(), { jobId: 'j' });
    await cancelJob(clients(), { jobId: 'j', reason: 'no longer needed' });
    await setJobPriority(clients(), { jobId: 'j', priority: 42 });
    const shown = requests.map(({ method, url }) => [method, url.pathname, url.search]);
    expect(shown).toEqual([
      ['POST', '/v20180820/jobs/j/status', '?requestedJobStatus=Ready'],
      [
        'POST',
        '/v20180820/jobs/j/status',
        '?requestedJobStatus=Cancelled&statusUpdateReason=no%20longer%20needed',
      ],
      ['POST', '/v20180820/jobs/j/priority', '?priority=42'],
    ]);
  });

  it.each([-1, 1.5, 2_147_483_648, Number.NaN])('refuse the priority %s', async priority => {
    const { clients, requests } = await serve((_, response) => response.end());
    const change = setJobPriority(clients(), { jobId: 'j', priority });
    await expect(change).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(requests).toEqual([]);
  });

  it('that come too late are conflicts', async () => {
    const { clients } = await serve((_, response) =>
      controlError(response, 400, 'JobStatusException'),
    );
    await expect(runJob(clients(), { jobId: 'j' })).rejects.toMatchObject({ code: 'Conflict' });
  });
});

describe('createJob', () => {
  const input: CreateJobInput = {
    manifest: {
      bucket: 'assets',
      key: 'lists/my list.csv',
      eTag: '"abc"',
      format: 'S3BatchOperations_CSV_20180820',
      fields: ['Bucket', 'Key'],
    },
    operation: { name: 'S3PutObjectTagging', tags: [{ key: 'phototype', value: 'finished' }] },
    roleArn: 'arn:aws:iam::123456789012:role/service/r',
    report: { bucket: 'assets', prefix: 'reports/', scope: 'AllTasks' },
    priority: 10,
    description: '',
    clientRequestToken: 'token',
  };

  const answer = (eTag: string) => (request: ScriptedRequest, response: ServerResponse) => {
    if (request.method === 'HEAD') response.writeHead(200, { etag: eTag }).end();
    else response.end(`<CreateJobResult ${NAMESPACE}><JobId>new-job</JobId></CreateJobResult>`);
  };

  it('sends what AWS wants', async () => {
    const { clients, requests } = await serve(answer('"abc"'));
    expect(await createJob(clients(), input)).toEqual({
      jobId: 'new-job',
      region: 'us-east-1',
    });
    const body = requests.at(-1)?.body ?? '';
    expect(body).toContain('<ConfirmationRequired>true</ConfirmationRequired>');
    expect(body).toContain('<ETag>abc</ETag>');
    expect(body).toContain('<ObjectArn>arn:aws:s3:::assets/lists/my list.csv</ObjectArn>');
    expect(body).toContain('<Prefix>reports</Prefix>');
    expect(body).toContain('<ClientRequestToken>token</ClientRequestToken>');
    expect(body).not.toContain('Description');
  });

  it('removes tags, and does without a report', async () => {
    const { clients, requests } = await serve(answer('"abc"'));
    await createJob(clients(), {
      ...input,
      operation: { name: 'S3DeleteObjectTagging' },
      report: undefined,
    });
    const body = requests.at(-1)?.body ?? '';
    expect(body).toContain('<Operation><S3DeleteObjectTagging/></Operation>');
    expect(body).toContain('<Report><Enabled>false</Enabled></Report>');
  });

  const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
  const invoke = {
    name: 'LambdaInvoke',
    functionArn: FUNCTION,
    schemaVersion: '2.0',
    userArguments: { width: '100' },
  } as const;

  it('has S3 find the objects that a function is invoked on', async () => {
    const { clients, requests } = await serve(answer('"abc"'));
    await createJob(clients(), {
      ...input,
      operation: invoke,
      manifest: {
        sourceBucket: 'images',
        prefix: '2026/',
        suffix: '.png',
        output: { bucket: 'assets', prefix: 'manifests/' },
      },
    });
    // There is no manifest to look at.
    expect(requests.map(({ method }) => method)).toEqual(['POST']);
    const body = requests[0]?.body ?? '';
    expect(body).toContain(
      `<LambdaInvoke><FunctionArn>${FUNCTION}</FunctionArn><InvocationSchemaVersion>2.0</InvocationSchemaVersion>` +
        '<UserArguments><entry><key>width</key><value>100</value></entry></UserArguments></LambdaInvoke>',
    );
    expect(body).not.toContain('<Manifest>');
    expect(body).toContain('<SourceBucket>arn:aws:s3:::images</SourceBucket>');
    expect(body).toContain('<EnableManifestOutput>true</EnableManifestOutput>');
    expect(body).toContain('<ManifestPrefix>manifests/</ManifestPrefix>');
    expect(body).toContain('<ManifestFormat>S3InventoryReport_CSV_20211130</ManifestFormat>');
    expect(body).toContain('<MatchAnyPrefix><member>2026/</member></MatchAnyPrefix>');
    expect(body).toContain('<MatchAnySuffix><member>.png</member></MatchAnySuffix>');
  });

  it('has all objects of a bucket found without a filter, and their list not kept', async () => {
    const { clients, requests } = await serve(answer('"abc"'));
    const manifest = { sourceBucket: 'images', prefix: '' };
    await createJob(clients(), { ...input, operation: invoke, manifest });
    const body = requests[0]?.body ?? '';
    expect(body).toContain('<EnableManifestOutput>false</EnableManifestOutput>');
    expect(body).not.toMatch(/<Filter|<ManifestOutputLocation/);
  });

  it('makes no job that invokes a function of another Region', async () => {
    const { clients, requests } = await serve(answer('"abc"'));
    const elsewhere = { ...clients(), regionOfBucket: () => Promise.resolve('eu-west-1') };
    const manifest = { sourceBucket: 'images' };
    const create = createJob(elsewhere, { ...input, operation: invoke, manifest });
    await expect(create).rejects.toMatchObject({
      code: 'InvalidInput',
      subject: FUNCTION,
      message:
        'The function is in us-east-1, but the job must be in eu-west-1, where its objects are listed',
    });
    expect(requests).toEqual([]);
  });

  it('makes no job of a manifest that has changed', async () => {
    const { clients, requests } = await serve(answer('"other"'));
    const create = createJob(clients(), input);
    await expect(create).rejects.toMatchObject({
      code: 'Conflict',
      reason: 'Changed',
      subject: 's3://assets/lists/my list.csv',
    });
    expect(requests.every(({ method }) => method === 'HEAD')).toBe(true);
  });

  it.each([
    { roleArn: 'S3BatchPutRole' },
    { priority: -1 },
    { description: 'd'.repeat(257) },
    { operation: { name: 'S3PutObjectTagging', tags: [{ key: '', value: '' }] } } as const,
    { clientRequestToken: '' },
    { operation: { ...invoke, functionArn: 'resize' } },
    { operation: { ...invoke, schemaVersion: '1.0' } } as const,
    { operation: { ...invoke, userArguments: { [`k${'x'.repeat(64)}`]: 'v' } } },
    { operation: { ...invoke, userArguments: { k: '' } } },
    {
      operation: {
        ...invoke,
        userArguments: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, 'v'])),
      },
    },
    { manifest: { sourceBucket: 'images', suffix: 'x'.repeat(1025) } },
    { report: { bucket: 'b-b', prefix: 'p'.repeat(513), scope: 'AllTasks' } as const },
  ])('refuses %j before it sends anything', async wrong => {
    const { clients, requests } = await serve(answer('"abc"'));
    const create = createJob(clients(), { ...input, ...wrong });
    await expect(create).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(requests).toEqual([]);
  });
});

describe('checkRole', () => {
  const TRUST = encodeURIComponent(
    JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'batchoperations.s3.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    }),
  );
  const input = {
    roleArn: 'arn:aws:iam::123456789012:role/r',
    operation: { name: 'S3PutObjectTagging', targets: [{ bucket: 'images' }] } as const,
    manifest: { bucket: 'assets', key: 'm.csv' },
  };
  const getRole = (response: ServerResponse) =>
    response.end(
      `<GetRoleResponse><GetRoleResult><Role><RoleName>r</RoleName><Arn>arn:aws:iam::123456789012:role/path/r</Arn><AssumeRolePolicyDocument>${TRUST}</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>`,
    );
  const results = (members: string, more = '') =>
    `<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>${members}</EvaluationResults>${more}</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;

  it('reads new answers, old answers and pages', async () => {
    const { clients, requests } = await serve(({ body }, response) => {
      const form = new URLSearchParams(body);
      if (form.get('Action') === 'GetRole') {
        getRole(response);
        return;
      }
      const resource = form.get('ResourceArns.member.1') ?? '';
      if (form.get('Marker') === 'more') {
        response.end(
          results(
            `<member><EvalActionName>s3:PutObjectVersionTagging</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>implicitDeny</EvalDecision></member>`,
          ),
        );
      } else if (resource.startsWith('arn:aws:s3:::images/')) {
        response.end(
          results(
            // The newest model: a template at the top, the resource below it.
            '<member><EvalActionName>s3:PutObjectTagging</EvalActionName>' +
              '<EvalResourceName>arn:${Partition}:s3:::${BucketName}/${KeyName}</EvalResourceName><EvalDecision>implicitDeny</EvalDecision>' +
              `<ResourceSpecificResults><member><EvalResourceName>${resource}</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member></ResourceSpecificResults></member>`,
            '<IsTruncated>true</IsTruncated><Marker>more</Marker>',
          ),
        );
      } else {
        response.end(results(''));
      }
    });
    const check = await checkRole(clients(), input);
    expect(check.trusted).toBe(true);
    const shown = check.findings.map(({ action, decision }) => [action, decision]);
    expect(shown).toEqual([
      ['s3:PutObjectTagging', 'allowed'],
      ['s3:PutObjectVersionTagging', 'implicitDeny'],
      ['s3:ListBucket', 'unknown'],
      ['s3:GetObject', 'unknown'],
      ['s3:GetObjectVersion', 'unknown'],
      ['s3:GetBucketLocation', 'unknown'],
    ]);
    const simulated = requests.filter(({ body }) => body.includes('SimulatePrincipalPolicy'));
    expect(simulated[0]?.body).toContain(encodeURIComponent('role/path/r'));
  });

  it('asks about the version of the function that the job invokes', async () => {
    const asked: string[] = [];
    const { clients } = await serve(({ body }, response) => {
      const form = new URLSearchParams(body);
      if (form.get('Action') === 'GetRole') {
        getRole(response);
        return;
      }
      if (form.get('Action') === 'SimulatePrincipalPolicy') {
        asked.push(form.get('ResourceArns.member.1') ?? '');
      }
      response.end(results(''));
    });
    const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:resize:live';
    await checkRole(clients(), {
      roleArn: input.roleArn,
      operation: { name: 'LambdaInvoke', functionArn },
      manifest: { sourceBucket: 'images' },
    });
    expect(asked).toEqual([functionArn, 'arn:aws:s3:::images']);
  });

  it('cannot say where it may not ask', async () => {
    const { clients } = await serve((_, response) => {
      response.writeHead(403);
      response.end(
        '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: u is not authorized to perform: iam:GetRole on resource: r</Message></Error></ErrorResponse>',
      );
    });
    const check = await checkRole(clients(), input);
    expect(check.trusted).toBeUndefined();
    expect(check.findings.every(({ decision }) => decision === 'unknown')).toBe(true);
  });
});
