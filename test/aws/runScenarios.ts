import { setTimeout as delay } from 'node:timers/promises';
import type { AwsClients, CallerIdentity } from '../../src/aws/clients.ts';
import { makeBucket, makeRole } from '../account/makeThings.ts';
import { sentenceOf } from '../account/removeThings.ts';
import type { RunNames } from '../account/runNames.ts';
import { bucketOf } from './compareNames.ts';
import { Normaliser, type Answer } from './normalise.ts';
import type { Scenario, World } from './scenario.ts';
import { openWire, type RawAnswer, type Request, type Wire } from './wire.ts';

/** Who is asked. */
export interface Side {
  readonly clients: AwsClients;
  readonly identity: CallerIdentity;
  readonly names: RunNames;
  readonly signal?: AbortSignal;
}

export interface Played {
  readonly scenario: string;
  /** By the names of the probes, in their order. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Why it did not come to its end. */
  readonly stopped?: string;
}

const READY_MS = 30_000;
const LOOK_AGAIN_MS = 1000;

/** Plays scenarios one after another; one that fails doesn't stop the others. @throws the signal's reason */
export async function runScenarios(
  side: Side,
  scenarios: readonly Scenario[],
  onPlayed: (played: Played) => void = () => undefined,
): Promise<Played[]> {
  const wire = openWire(side.clients, side.names.region, side.signal);
  const all: Played[] = [];
  try {
    for (const scenario of scenarios) {
      side.signal?.throwIfAborted();
      const played = await play(side, wire, scenario);
      all.push(played);
      onPlayed(played);
    }
  } finally {
    wire.close();
  }
  return all;
}

async function play(side: Side, wire: Wire, scenario: Scenario): Promise<Played> {
  const answers: Record<string, Answer> = {};
  const { clients, names, signal } = side;
  const bucket = scenario.hasBucket ? bucketOf(names.suffix, scenario.name) : '';
  try {
    if (scenario.hasBucket) await makeBucket(clients, names, bucket, { signal });
    const normaliser = new Normaliser(await replacements(side, wire, bucket));
    const probe: World['probe'] = async (name, request, ready) => {
      if (name in answers) throw new Error(`Two probes have the name ${name}.`);
      const answer = await untilReady(() => wire.send(request), ready, signal);
      answers[name] = normaliser.answer(answer, askedBy(request));
      return answer;
    };
    const send: World['send'] = async request => {
      const answer = await wire.send(request);
      if (answer.status < 300) return answer;
      const { method = 'GET', path = '/' } = request;
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    };
    const { accountId, partition } = side.identity;
    await scenario.run({ bucket, names, accountId, partition, region: names.region, send, probe });
    return { scenario: scenario.name, answers };
  } catch (error) {
    signal?.throwIfAborted();
    return { scenario: scenario.name, answers, stopped: sentenceOf(error) };
  }
}

async function untilReady(
  ask: () => Promise<RawAnswer>,
  ready: ((answer: RawAnswer) => boolean) | undefined,
  signal: AbortSignal | undefined,
): Promise<RawAnswer> {
  const end = performance.now() + READY_MS;
  for (let pause = 50; ; pause = Math.min(pause * 2, LOOK_AGAIN_MS)) {
    const answer = await ask();
    if (ready === undefined || ready(answer) || performance.now() > end) return answer;
    await delay(pause, undefined, { signal });
  }
}

/** An id that a request names itself is kept as it is. */
function askedBy({ path = '', query = {}, headers = {}, body = '' }: Request): string {
  const parts = [path, Object.values(query), Object.values(headers), body.toString()];
  return parts.flat(2).join('\n');
}

async function replacements(side: Side, wire: Wire, bucket: string) {
  const { identity, names, clients } = side;
  const { arn, accountId, userId } = identity;
  const s3 = await wire.urlOf('s3');
  const { accessKeyId } = await clients.s3(names.region).config.credentials();
  const own = bucket === '' ? [] : [await wire.urlOf('s3', bucket), `${s3}/${bucket}`];
  const byHost = own.flatMap(url => [url, url.replace(/^https/, 'http')]);
  return [
    ...byHost.map(url => [url, '<bucket URL>'] as const),
    [`http://${bucket}.s3.amazonaws.com`, '<bucket URL>'],
    [`https://${bucket}.s3.amazonaws.com`, '<bucket URL>'],
    [new URL(s3).host, 's3.<region>.amazonaws.com'],
    [arn, '<caller>'],
    [userId, '<caller id>'],
    [accountId, '<account>'],
    [accessKeyId, '<access key>'],
    [names.suffix, '<run>'],
    [names.suffix.toUpperCase(), '<RUN>'],
    [names.region, '<region>'],
  ] as const;
}

/** The roles that the function and the job run as; early, so that they are known when they are needed. */
export async function makeRoles({ clients, names, signal }: Side): Promise<void> {
  const [batchRole = ''] = names.otherRoles;
  const description = 'Created by npm test -- aws of Bucket Brigade';
  const allow = (actions: readonly string[], Resource: string) => ({
    ...{ Effect: 'Allow', Action: actions, Resource },
  });
  const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
  const bucket = `arn:aws:s3:::${names.manifestBucket}/*`;
  const objects = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectTagging'];
  const shared = { description, policyName: 'compare' };
  const roles = [
    {
      ...{ name: names.functionRole, trustedService: 'lambda.amazonaws.com' },
      statements: [allow(logs, `arn:aws:logs:*:*:log-group:${names.logGroup}:*`)],
    },
    {
      ...{ name: batchRole, trustedService: 'batchoperations.s3.amazonaws.com' },
      statements: [allow(objects, bucket)],
    },
  ];
  for (const role of roles) await makeRole(clients, names, { ...shared, ...role }, { signal });
}
