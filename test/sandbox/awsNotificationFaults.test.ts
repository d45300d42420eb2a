import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isCancelled } from '../../src/aws/errors.ts';
import {
  toNotifications,
  withNotification,
  withoutNotification,
} from '../../src/aws/notifications/notificationConfiguration.ts';
import {
  changeNotifications,
  readNotifications,
} from '../../src/aws/notifications/notifications.ts';
import {
  s3Error,
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../support/scriptedServer.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const document = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<NotificationConfiguration ${NAMESPACE}>${inner}</NotificationConfiguration>`;

const entry = (id: string, suffix: string): string =>
  `<CloudFunctionConfiguration><CloudFunction>arn:aws:lambda:us-east-1:123456789012:function:f</CloudFunction><Event>s3:ObjectCreated:*</Event><Id>${id}</Id><Filter><S3Key><FilterRule><Name>suffix</Name><Value>${suffix}</Value></FilterRule></S3Key></Filter></CloudFunctionConfiguration>`;

/** Whatever others have there: odd white space, an unusual order, an event newer than the SDK. */
const THEIRS =
  '<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:123456789012:q</Queue><Event>s3:ObjectRemoved:*</Event><Event>s3:ObjectDreamtOf:Once</Event><Id> their &lt;id&gt; </Id><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>a+b%2F</Value></FilterRule><FilterRule><Name>Suffix</Name><Value></Value></FilterRule></S3Key></Filter></QueueConfiguration><TopicConfiguration><Topic>arn:aws:sns:us-east-1:123456789012:t</Topic><Event>s3:ObjectRestore:*</Event><Id>t</Id></TopicConfiguration>';

const OURS = {
  id: 'ours',
  destination: { kind: 'lambda', arn: 'arn:aws:lambda:us-east-1:123456789012:function:f' },
  events: ['s3:ObjectCreated:*'],
  prefix: '',
  suffix: '.jpg',
} as const;

const bucket = 'photos';
const add = {
  bucket,
  change: (current: Parameters<typeof withNotification>[0]) => withNotification(current, OURS),
};

let server: ScriptedServer;

/** A bucket's notifications, with a say in each answer: true when it has answered by itself. */
async function startBucket(
  initial: string,
  interfere: (request: ScriptedRequest, response: ServerResponse, nth: number) => boolean = () =>
    false,
): Promise<{ inner: string }> {
  const state = { inner: initial };
  let reads = 0;
  let writes = 0;
  server = await startScriptedServer((request, response) => {
    const nth = request.method === 'PUT' ? ++writes : ++reads;
    if (interfere(request, response, nth)) return;
    if (request.method === 'PUT') {
      state.inner = /<NotificationConfiguration[^>]*>(.*)<\/NotificationConfiguration>/s.exec(
        request.body,
      )![1]!;
    }
    response.end(request.method === 'PUT' ? '' : document(state.inner));
  });
  return state;
}

const methods = (): string => server.requests.map(({ method }) => method).join(' ');

describe('changing a bucket’s notifications', () => {
  it('keeps what others have there, byte for byte', async () => {
    const state = await startBucket(`${THEIRS}<EventBridgeConfiguration/>`);
    const clients = server.clients();
    const after = await changeNotifications(clients, add);
    expect(toNotifications(after).map(({ id }) => id)).toEqual(['ours', ' their <id> ', 't']);
    for (const their of THEIRS.split(/(?<=<\/QueueConfiguration>)/)) {
      expect(sorted(state.inner)).toContain(sorted(their));
    }
    expect(state.inner).toContain('<EventBridgeConfiguration/>');
    expect(methods()).toBe('GET GET PUT GET');
    await changeNotifications(clients, {
      bucket,
      change: current => withoutNotification(current, 'ours'),
    });
    expect(sorted(state.inner)).toBe(sorted(`${THEIRS}<EventBridgeConfiguration/>`));
  });

  it('writes nothing when all is as it should be', async () => {
    await startBucket(entry('ours', '.jpg'));
    await changeNotifications(server.clients(), add);
    expect(methods()).toBe('GET');
  });

  it('starts again when someone else changed them meanwhile', async () => {
    const state = await startBucket('', ({ method }, _, nth) => {
      if (method === 'GET' && nth === 2) state.inner = THEIRS;
      return false;
    });
    const after = await changeNotifications(server.clients(), add);
    expect(toNotifications(after)).toHaveLength(3);
    expect(methods()).toBe('GET GET GET GET PUT GET');
  });

  it('does it again when someone else wrote over it', async () => {
    const state = await startBucket('', ({ method }, _, nth) => {
      // Theirs was read before ours was written, and comes after it.
      if (method === 'GET' && nth === 3) state.inner = THEIRS;
      return false;
    });
    const after = await changeNotifications(server.clients(), add);
    expect(toNotifications(after)).toHaveLength(3);
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('believes a late answer: S3 may show the old configuration for a moment', async () => {
    await startBucket('', ({ method }, response, nth) => {
      if (method !== 'GET' || nth !== 3) return false;
      response.end(document(''));
      return true;
    });
    await changeNotifications(server.clients(), add);
    expect(methods()).toBe('GET GET PUT GET GET');
  });

  it('gives up when others never stop', async () => {
    let other = 0;
    const state = await startBucket('', ({ method }) => {
      if (method === 'GET') state.inner = entry(`other-${++other}`, `.${other}`);
      return false;
    });
    const change = changeNotifications(server.clients(), add);
    await expect(change).rejects.toMatchObject({ code: 'Conflict', subject: 's3://photos/' });
    expect(methods()).not.toContain('PUT');
  });

  it('starts again when S3 is busy with another change', async () => {
    await startBucket('', ({ method }, response, nth) => {
      if (method !== 'PUT' || nth !== 1) return false;
      s3Error(response, 409, 'OperationAborted');
      return true;
    });
    const after = await changeNotifications(server.clients(), add);
    expect(toNotifications(after)).toEqual([OURS]);
  });

  it.each([
    ['in an entry', entry('x', '.x').replace('</Id>', '</Id><Batching>1</Batching>'), 'Batching'],
    [
      'in a filter',
      entry('x', '.x').replace('<S3Key>', '<Size><Min>1</Min></Size><S3Key>'),
      'Size',
    ],
    ['beside the entries', `${THEIRS}<PipeConfiguration/>`, 'PipeConfiguration'],
    ['in EventBridge', '<EventBridgeConfiguration><Bus>b</Bus></EventBridgeConfiguration>', 'Bus'],
  ])('refuses to write what the SDK would lose: %s', async (_, inner, name) => {
    await startBucket(inner);
    const clients = server.clients();
    const change = changeNotifications(clients, add);
    await expect(change).rejects.toMatchObject({
      code: 'InvalidInput',
      subject: 's3://photos/',
      message: expect.stringContaining(`<${name}>`) as string,
    });
    expect(methods()).not.toContain('PUT');
    // Looking is still possible.
    await readNotifications(clients, bucket);
  });
});

describe('a destination that was permitted a moment ago', () => {
  const refuse = (response: ServerResponse): void => {
    response.writeHead(400, { 'content-type': 'application/xml' });
    response.end(
      '<Error><Code>InvalidArgument</Code><Message>Unable to validate the following destination configurations</Message><ArgumentName1>arn:aws:lambda:us-east-1:123456789012:function:gone, null</ArgumentName1><ArgumentValue1>The destination Lambda does not exist</ArgumentValue1></Error>',
    );
  };

  it('is asked for again', async () => {
    await startBucket('', ({ method }, response, nth) => {
      if (method === 'PUT' && nth <= 2) refuse(response);
      return method === 'PUT' && nth <= 2;
    });
    const after = await changeNotifications(server.clients(), {
      ...add,
      permissionIsNew: true,
    });
    expect(toNotifications(after)).toEqual([OURS]);
  });

  it('is refused at once when it is not new, by its name', async () => {
    await startBucket('', ({ method }, response) => {
      if (method === 'PUT') refuse(response);
      return method === 'PUT';
    });
    await expect(changeNotifications(server.clients(), add)).rejects.toMatchObject({
      code: 'InvalidInput',
      awsMessage:
        'Unable to validate the following destination configurations: arn:aws:lambda:us-east-1:123456789012:function:gone (The destination Lambda does not exist)',
    });
    expect(methods()).toBe('GET GET PUT');
  });

  it('is not waited for after Cancel', async () => {
    const controller = new AbortController();
    await startBucket('', ({ method }, response) => {
      if (method !== 'PUT') return false;
      refuse(response);
      setTimeout(() => controller.abort(), 50);
      return true;
    });
    const input = { ...add, permissionIsNew: true };
    const options = { signal: controller.signal };
    const change = changeNotifications(server.clients(), input, options);
    await expect(change).rejects.toSatisfy(isCancelled);
  });
});

describe('reading them', () => {
  it('says who may not', async () => {
    await startBucket('', (_, response) => {
      s3Error(response, 403, 'AccessDenied');
      return true;
    });
    await expect(readNotifications(server.clients(), bucket)).rejects.toMatchObject({
      code: 'AccessDenied',
      subject: 's3://photos/',
    });
  });

  it('stops when it is told to', async () => {
    await startBucket('');
    const options = { signal: AbortSignal.abort() };
    await expect(readNotifications(server.clients(), bucket, options)).rejects.toSatisfy(
      isCancelled,
    );
  });
});

/** The elements of an entry in one order; S3 gives them in another than the SDK sends them. */
function sorted(xml: string): string {
  const entries = xml.match(/<(\w+Configuration)>.*?<\/\1>/gs) ?? [];
  return entries
    .map(each =>
      (each.match(/<(Id|Event|Queue|Topic|CloudFunction|Filter)>.*?<\/\1>/gs) ?? [])
        .sort()
        .join(''),
    )
    .sort()
    .join('\n');
}
