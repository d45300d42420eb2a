// `npm test -- aws --profile NAME`: the same calls to AWS and to a sandbox, and what they answer differently.
import { relative } from 'node:path';
import { DEFAULT_PRICES, PRICES_AS_OF } from '../../src/aws/cost/prices.ts';
import { runOnAccount, type RunContext } from '../account/accountCommand.ts';
import type { RunNames } from '../account/runNames.ts';
import { ROOT } from '../support/paths.ts';
import { tableOf } from './differences.ts';
import { holdAgainst } from './holdAgainst.ts';
import { playOnSandbox } from './playOnSandbox.ts';
import { RECORDINGS, writeRecording } from './recordings.ts';
import { makeRoles, runScenarios, type Played, type Side } from './runScenarios.ts';
import type { Scenario } from './scenario.ts';
import { NAMING, SCENARIOS } from './scenarios.ts';

/** @returns the exit code: 1 where there are differences, 130 when it was interrupted, 2 for bad arguments */
export async function accountCompare(args: readonly string[]): Promise<number> {
  const comparison = {
    command: 'npm test -- aws',
    title: 'the comparison',
    naming: NAMING,
    plan: planLines,
    question: 'Compare the sandbox with this account?',
    run: (context: RunContext<RunNames>) => compare(context),
  };
  return await runOnAccount(comparison, args);
}

function planLines({ buckets, functionRole, otherRoles, functionName }: RunNames): string[] {
  const { batchJob, putThousandRequests } = DEFAULT_PRICES;
  const requests = (2000 * putThousandRequests) / 1000;
  const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
  return [
    'The comparison creates, and removes when it ends:',
    `  buckets      ${buckets.join(',\n               ')}`,
    `  IAM roles    ${[functionRole, ...otherRoles].join(',\n               ')}`,
    `  function     ${functionName}, with its log group`,
    '  a batch job  that is cancelled before it runs (AWS lists it for 90 days)',
    `It costs about ${dollars(batchJob + requests)}: ${dollars(batchJob)} for the job, the rest for some 1,000 calls. (Prices for`,
    `US East, N. Virginia, as of ${PRICES_AS_OF}.) Nothing becomes public. It takes 3 to 10 minutes.`,
  ];
}

/**
 * Asks the account and a sandbox, writes what the account answered, and prints what differs.
 * @returns whether all scenarios came to their end and nothing differs but what is known
 */
export async function compare(
  context: RunContext<RunNames>,
  scenarios: readonly Scenario[] = SCENARIOS,
  folder = process.env['BUCKET_BRIGADE_RECORDINGS'] ?? RECORDINGS,
): Promise<boolean> {
  const { clients, identity, names, signal, print } = context;
  const side: Side = { clients, identity, names, signal };
  print(`Creating the roles of ${names.suffix} and running the calls`);
  await makeRoles(side);
  // Neither may go on when the other has failed: what was made is removed then.
  const [told, asked] = await Promise.allSettled([
    runScenarios(side, scenarios, played => print(lineOf(played))),
    playOnSandbox(scenarios, names.region, { signal }),
  ]);
  if (told.status === 'rejected') throw told.reason;
  if (asked.status === 'rejected') throw asked.reason;
  const whole = told.value.filter(({ stopped }) => stopped === undefined);
  await record(context, whole, folder);
  const isSame = report(whole, asked.value, print);
  return isSame && whole.length === scenarios.length;
}

async function record(
  { clients, identity, names, print }: RunContext<RunNames>,
  whole: readonly Played[],
  folder: string,
): Promise<void> {
  const keys = await clients.s3().config.credentials();
  const { accessKeyId, secretAccessKey, sessionToken = '' } = keys;
  const secrets = [identity.accountId, accessKeyId, secretAccessKey, sessionToken, names.suffix];
  const recorded = new Date().toISOString().slice(0, 7);
  for (const { scenario, answers } of whole) {
    await writeRecording(folder, { scenario, region: names.region, recorded, answers }, secrets);
  }
  print(`Wrote ${whole.length} recordings into ${relative(ROOT, folder)}`);
}

function lineOf({ scenario, answers, stopped }: Played): string {
  const count = Object.keys(answers).length;
  return stopped === undefined
    ? `  ${scenario}: ${count} calls`
    : `✗ ${scenario}: ended after ${count} calls: ${stopped}`;
}

/** @returns whether there is nothing that nobody knew of */
function report(
  aws: readonly Played[],
  sandbox: readonly Played[],
  print: (line: string) => void,
): boolean {
  const { unknown, known, gone, stopped } = holdAgainst(aws, sandbox);
  stopped.forEach(played => print(`${lineOf(played)} (sandbox)`));
  if (unknown.length > 0) tableOf(unknown).forEach(print);
  for (const { probe, field } of gone)
    print(`✗ known, but no longer different: ${probe}, ${field}`);
  const probes = aws.reduce((sum, { answers }) => sum + Object.keys(answers).length, 0);
  const differing = new Set(unknown.map(({ probe }) => probe)).size;
  print(
    `${probes} calls compared: ${unknown.length} differences in ${differing} calls, ` +
      `${known.length} known, ${gone.length} no longer different`,
  );
  return unknown.length + gone.length + stopped.length === 0;
}
