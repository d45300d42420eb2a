import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { s3Settings } from '../../lambda/s3/endpoint.ts';
import { S3, textOf } from '../../lambda/s3/s3.ts';
import { startScriptedServer, type ScriptedServer } from '../support/scriptedServer.ts';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 's', sessionToken: undefined };
const OBJECT = { bucket: 'pictures', key: 'a.jpg' };
const errorOf = (code: string): string => `<Error><Code>${code}</Code><Message>m</Message></Error>`;

type Answer = (response: ServerResponse) => void;
const answer =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  response =>
    response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);

/** An S3 that gives these answers, one after the other, and the function's client for it. */
async function scripted(
  answers: readonly Answer[],
  attempts?: number,
): Promise<{ server: ScriptedServer; s3: S3 }> {
  const left = [...answers];
  const server = await startScriptedServer((_, response) => left.shift()?.(response));
  const settings = s3Settings({ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: server.endpoint });
  return { server, s3: new S3(settings, KEYS, attempts) };
}

const regionOf = ({ requests }: ScriptedServer, at: number): string | undefined =>
  /Credential=[^/]+\/\d+\/([^/]+)\/s3/.exec(requests[at]?.headers.authorization ?? '')?.[1];

describe("The function's client of S3", () => {
  test.each<[string, Answer]>([
    ['a fault of S3', answer(500, errorOf('InternalError'))],
    ['a fault without a document', answer(502, 'Bad Gateway')],
    ['SlowDown', answer(503, errorOf('SlowDown'))],
    ['a request that S3 did not get whole', answer(400, errorOf('RequestTimeout'))],
    ['a connection that breaks', response => response.destroy()],
  ])('asks again after %s', async (_, fault) => {
    const { server, s3 } = await scripted([fault, fault, answer(200, 'picture')]);
    const { body, size } = await s3.getObject(OBJECT);
    expect([await textOf(body), size]).toEqual(['picture', 7]);
    expect(server.requests.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      'attempt=2; max=3',
      'attempt=3; max=3',
    ]);
  });

  test('gives up after the last attempt, with what S3 said then', async () => {
    const { server, s3 } = await scripted([500, 500, 503].map(status => answer(status)));
    await expect(s3.getObject(OBJECT)).rejects.toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(3);
  });

  test('asks once where it is told to, and never again for what stays as it is', async () => {
    const once = await scripted([answer(500), answer(200)], 1);
    await expect(once.s3.getObject(OBJECT)).rejects.toMatchObject({ status: 500 });
    const missing = await scripted([answer(404, errorOf('NoSuchKey')), answer(200)]);
    await expect(missing.s3.getObject(OBJECT)).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect([once, missing].map(({ server }) => server.requests.length)).toEqual([1, 1]);
  });

  test.each([
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
  ])('goes to the Region that S3 names in a %i, and stays there', async (status, code) => {
    const elsewhere = { 'x-amz-bucket-region': 'eu-west-1' };
    const { server, s3 } = await scripted([
      answer(status, errorOf(code), elsewhere),
      answer(200),
      answer(200),
    ]);
    for (let at = 0; at < 2; at++) await s3.putObject(OBJECT, Buffer.from('x'), {});
    const regions = server.requests.map((_, at) => regionOf(server, at));
    expect(regions).toEqual(['us-east-1', 'eu-west-1', 'eu-west-1']);
  });

  test('is sent in no circle by two Regions that name each other', async () => {
    const moved = (region: string): Answer =>
      answer(301, errorOf('PermanentRedirect'), { 'x-amz-bucket-region': region });
    const { server, s3 } = await scripted([moved('eu-west-1'), moved('us-east-1'), answer(200)]);
    await expect(s3.getObject(OBJECT)).rejects.toMatchObject({ name: 'PermanentRedirect' });
    expect(server.requests).toHaveLength(2);
  });

  test("follows S3's clock where its own is wrong", async () => {
    const date = new Date(Date.UTC(2040, 0, 1)).toUTCString();
    const skewed = answer(403, errorOf('RequestTimeTooSkewed'), { date });
    const { server, s3 } = await scripted([skewed, answer(200)]);
    await s3.getObject(OBJECT);
    expect(server.requests[1]?.headers['x-amz-date']).toMatch(/^20400101T0000/);
  });

  test('passes on which invocation asks, as the SDK does for recursive loop detection', async () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=1:a87bd80c:0';
    const { server, s3 } = await scripted([answer(200), answer(200)]);
    const environment = { AWS_LAMBDA_FUNCTION_NAME: 'resize', _X_AMZN_TRACE_ID: trace };
    await s3.getObject(OBJECT);
    Object.assign(process.env, environment);
    try {
      await s3.getObject(OBJECT);
    } finally {
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    }
    const traces = server.requests.map(({ headers }) => headers['x-amzn-trace-id']);
    expect(traces).toEqual([undefined, trace]);
  });
});
