import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BucketNotification } from '../../src/aws/notifications/notification.ts';
import { toNotifications } from '../../src/aws/notifications/notificationConfiguration.ts';
import {
  putNotifications,
  removeUnusedPermission,
} from '../../src/aws/notifications/putNotifications.ts';
import {
  s3Error,
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../support/scriptedServer.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
const bucket = 'photos';

const jpg: BucketNotification = {
  id: 'jpg',
  destination: { kind: 'lambda', arn: ARN },
  events: ['s3:ObjectCreated:*'],
  prefix: '',
  suffix: '.jpg',
};
const png = { ...jpg, id: 'png', suffix: '.png' };

/** S3 and Lambda as far as these flows go; a test may answer in their place. */
let server: ScriptedServer;
let notifications: string;
let statements: Record<string, unknown>[];
let interfere: (request: ScriptedRequest, response: ServerResponse) => boolean;

beforeEach(async () => {
  notifications = '';
  statements = [];
  interfere = () => false;
  server = await startScriptedServer((request, response) => {
    if (interfere(request, response)) return;
    if (request.url.pathname.startsWith('/2015-03-31/')) lambda(request, response);
    else s3(request, response);
  });
});

function s3({ method, body }: ScriptedRequest, response: ServerResponse): void {
  if (method === 'PUT') {
    notifications = /<NotificationConfiguration[^>]*>(.*)<\/Notif/s.exec(body)?.[1] ?? '';
    response.end();
  } else {
    response.end(`<NotificationConfiguration>${notifications}</NotificationConfiguration>`);
  }
}

function lambda({ method, url, body }: ScriptedRequest, response: ServerResponse): void {
  if (method === 'POST') {
    const input = JSON.parse(body) as Record<string, string>;
    statements.push({
      Sid: input['StatementId'],
      Effect: 'Allow',
      Principal: { Service: input['Principal'] },
      Action: input['Action'],
      Resource: ARN,
      Condition: {
        StringEquals: { 'AWS:SourceAccount': input['SourceAccount'] },
        ArnLike: { 'AWS:SourceArn': input['SourceArn'] },
      },
    });
    response.writeHead(201).end('{}');
  } else if (method === 'DELETE') {
    const sid = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    statements = statements.filter(statement => statement['Sid'] !== sid);
    response.writeHead(204).end();
  } else if (statements.length === 0) {
    response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
    response.end('{"Message":"The resource you requested does not exist."}');
  } else {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    response.end(JSON.stringify({ Policy, RevisionId: 'r' }));
  }
}

const isWrite = ({ method, url }: ScriptedRequest): boolean =>
  method === 'PUT' && url.searchParams.has('notification');
const sent = (method: string, path: string): number =>
  server.requests.filter(each => each.method === method && each.url.pathname.includes(path)).length;

describe('adding entries for a function', () => {
  it('permits the bucket first, once and for this bucket of this account only', async () => {
    const input = { bucket, notifications: [jpg, png], replaces: [] };
    const after = await putNotifications(server.clients(), input);
    expect(toNotifications(after).map(({ suffix }) => suffix)).toEqual(['.jpg', '.png']);
    expect(statements).toMatchObject([
      {
        Sid: 'bucket-brigade-photos',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Condition: {
          StringEquals: { 'AWS:SourceAccount': '123456789012' },
          ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::photos' },
        },
      },
    ]);
    const order = server.requests.map(each => (each.method === 'POST' ? 'permit' : each.method));
    expect(order.indexOf('permit')).toBeLessThan(order.indexOf('PUT'));
  });

  it('makes no second permission', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    await putNotifications(clients, { bucket, notifications: [png], replaces: [] });
    expect(statements).toHaveLength(1);
    expect(sent('POST', '/policy')).toBe(1);
  });

  it('takes the permission back when the write is refused', async () => {
    interfere = (request, response) => {
      if (isWrite(request)) s3Error(response, 403, 'AccessDenied');
      return isWrite(request);
    };
    const put = putNotifications(server.clients(), { bucket, notifications: [jpg], replaces: [] });
    await expect(put).rejects.toMatchObject({ code: 'AccessDenied', subject: 's3://photos/' });
    expect(statements).toEqual([]);
  });

  it('leaves a permission that was there before', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    interfere = (request, response) => {
      if (isWrite(request)) s3Error(response, 403, 'AccessDenied');
      return isWrite(request);
    };
    const put = putNotifications(clients, { bucket, notifications: [png], replaces: [] });
    await expect(put).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(statements).toHaveLength(1);
  });

  it('leaves the permission when the write was cut off but carried out', async () => {
    interfere = (request, response) => {
      if (!isWrite(request)) return false;
      s3(request, { end: () => undefined } as unknown as ServerResponse);
      response.destroy();
      return true;
    };
    const put = putNotifications(server.clients(), { bucket, notifications: [jpg], replaces: [] });
    await expect(put).rejects.toMatchObject({ code: 'Network' });
    expect(notifications).toContain('<Id>jpg</Id>');
    expect(statements).toHaveLength(1);
  });

  it('changes nothing when the bucket may not be permitted', async () => {
    interfere = ({ method, url }, response) => {
      if (method !== 'POST' || !url.pathname.endsWith('/policy')) return false;
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
      response.end('{"Message":"not authorized to perform: lambda:AddPermission on resource: x"}');
      return true;
    };
    const put = putNotifications(server.clients(), { bucket, notifications: [jpg], replaces: [] });
    await expect(put).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 'lambda:AddPermission',
    });
    expect(server.requests.filter(isWrite)).toEqual([]);
  });

  it('asks nothing of Lambda when an entry overlaps with another', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    const before = server.requests.length;
    const overlapping = { ...png, suffix: 'g' };
    const put = putNotifications(clients, { bucket, notifications: [overlapping], replaces: [] });
    await expect(put).rejects.toMatchObject({
      code: 'Conflict',
      message: 'The event notification would overlap with jpg',
    });
    expect(server.requests.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  it('refuses two new entries that overlap with each other', async () => {
    const both = { bucket, notifications: [jpg, { ...png, suffix: 'pg' }], replaces: [] };
    await expect(putNotifications(server.clients(), both)).rejects.toMatchObject({
      code: 'Conflict',
    });
  });

  it('refuses an id that someone else has', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    const other = { ...jpg, suffix: '.gif' };
    const put = putNotifications(clients, { bucket, notifications: [other], replaces: [] });
    await expect(put).rejects.toMatchObject({ code: 'Conflict' });
    expect(notifications).toContain('.jpg');
  });

  it('refuses the hundred and first entry', async () => {
    const clients = server.clients();
    const many = Array.from({ length: 100 }, (_, n) => ({ ...jpg, id: `${n}`, suffix: `.${n}x` }));
    await putNotifications(clients, { bucket, notifications: many, replaces: [] });
    const put = putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    await expect(put).rejects.toMatchObject({ message: expect.stringContaining('100') as string });
  });
});

describe('changing entries', () => {
  it('lets two of them change places', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg, png], replaces: [] });
    const swapped = [
      { ...jpg, suffix: '.png' },
      { ...png, suffix: '.jpg' },
    ];
    const after = await putNotifications(clients, {
      bucket,
      notifications: swapped,
      replaces: swapped.map(({ id }) => id),
    });
    expect(toNotifications(after)).toEqual(swapped);
  });

  it('does not bring back one that is gone', async () => {
    const put = putNotifications(server.clients(), {
      bucket,
      notifications: [jpg],
      replaces: [jpg.id],
    });
    await expect(put).rejects.toMatchObject({ code: 'NotFound', subject: 'jpg' });
    expect(server.requests.filter(isWrite)).toEqual([]);
  });
});

describe('a permission that no entry needs', () => {
  it('is taken back, whoever made it; one that is needed is not', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    statements = statements.map(statement => ({ ...statement, Sid: 'console-made-it' }));
    const input = { bucket, functionArn: ARN };
    expect(await removeUnusedPermission(clients, input)).toBe(false);
    expect(statements).toHaveLength(1);
    notifications = '';
    expect(await removeUnusedPermission(clients, input)).toBe(true);
    expect(statements).toEqual([]);
  });

  it('is left alone where it is not only for this bucket', async () => {
    const clients = server.clients();
    await putNotifications(clients, { bucket, notifications: [jpg], replaces: [] });
    statements = statements.map(statement => ({ ...statement, Condition: {} }));
    notifications = '';
    expect(await removeUnusedPermission(clients, { bucket, functionArn: ARN })).toBe(false);
    expect(statements).toHaveLength(1);
  });
});

it('an alias has a policy of its own', async () => {
  const alias = { ...jpg, destination: { kind: 'lambda', arn: `${ARN}:live` } } as const;
  await putNotifications(server.clients(), { bucket, notifications: [alias], replaces: [] });
  const policy = server.requests.find(({ method }) => method === 'POST');
  expect(decodeURIComponent(policy!.url.href)).toContain(`${ARN}:live`);
});
