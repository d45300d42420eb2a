import { setTimeout as delay } from 'node:timers/promises';
import type { AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import type { OpenedClients } from '../../src/aws/openClients.ts';
import { ask, connect } from './connect.ts';
import { cleanArguments, interruption } from './interruption.ts';
import { findRuns } from './leftovers.ts';
import { readOptions, usageOf, type Options } from './options.ts';
import { findOwn, type Unread } from './ownThings.ts';
import { removeThings, sentenceOf } from './removeThings.ts';
import { newSuffix, type Naming, type RunNames } from './runNames.ts';

const print = (line: string): void => console.log(line);

export interface RunContext<Names extends RunNames> extends OpenedClients {
  readonly clients: AwsClients;
  readonly names: Names;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** Says that something is waited for. */
  readonly wait: (line: string) => void;
}

/** What a command does on an account, between its question and the removal of all that it made. */
export interface AccountCommand<Names extends RunNames> {
  /** How it is called: `npm run lab --`. */
  readonly command: string;
  /** Of what it says that it made something: `the lab`. */
  readonly title: string;
  readonly naming: Naming<Names>;
  /** What it makes and costs, in lines. */
  readonly plan: (names: Names) => readonly string[];
  readonly question: string;
  /** @returns whether all went well */
  readonly run: (context: RunContext<Names>) => Promise<boolean>;
}

interface Account {
  readonly connected: OpenedClients;
  readonly options: Options;
  readonly signal: AbortSignal;
}

/**
 * Runs a command on the account of a profile: says what it makes, asks, runs, and removes all of it, also
 * after a failure or Ctrl-C; with `--clean` removes what killed runs have left.
 *
 * @returns the exit code: 130 when it was interrupted, 2 for arguments that can't be read
 */
export async function runOnAccount<Names extends RunNames>(
  command: AccountCommand<Names>,
  args: readonly string[],
): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${sentenceOf(error)}\n\n${usageOf(command)}`);
    return 2;
  }
  const cleaning = `${command.command} ${cleanArguments(options.profile)}`;
  const signal = interruption(cleaning);
  try {
    const connected = await connect(options, signal);
    const { clients, identity } = connected;
    try {
      print(`Account ${identity.accountId}, ${clients.region}, as ${identity.arn}`);
      const account = { connected, options, signal };
      return options.clean ? await clean(command, account) : await run(command, account);
    } finally {
      clients.destroy();
    }
  } catch (error) {
    console.error(signal.aborted ? 'Interrupted.' : sentenceOf(error));
    return signal.aborted ? 130 : 1;
  }
}

async function run<Names extends RunNames>(
  command: AccountCommand<Names>,
  account: Account,
): Promise<number> {
  const { connected, signal } = account;
  const { prefix, namesOf } = command.naming;
  const names = namesOf(newSuffix(prefix), connected.clients.region);
  command.plan(names).forEach(print);
  if (!(await agreed(account, command.question))) return 1;
  // Whoever was asked may have changed the profile meanwhile: before anything is made, it is asked again.
  await identify(connected.clients.config);
  const wait = (line: string): void => print(`  … ${line}`);
  let failed: boolean;
  try {
    failed = !(await command.run({ ...connected, names, signal, print, wait }));
  } catch (error) {
    print(signal.aborted ? 'Interrupted. Removing what was created.' : `✗ ${sentenceOf(error)}`);
    failed = true;
  }
  const removed = await removeRun(command, account, names);
  if (signal.aborted) return 130;
  return failed || !removed ? 1 : 0;
}

/** Milliseconds between two looks: what was made a moment ago may not be shown at once. */
const LOOK_AGAIN_MS = 2000;

/** Removes all that the run has made, whatever became of it; a signal does not stop it. */
async function removeRun<Names extends RunNames>(
  { title, command }: AccountCommand<Names>,
  { connected: { clients, identity }, options }: Account,
  names: RunNames,
): Promise<boolean> {
  let isRemoved = false;
  for (let looks = 0; looks < 2; looks++) {
    if (looks > 0) await delay(LOOK_AGAIN_MS);
    const { own, unproven, unread } = await findOwn(clients, names);
    const left = await removeThings(own, print);
    isRemoved = left.length + unproven.length + unread.length === 0;
    if (looks === 0) continue;
    printUnproven(unproven);
    printUnread(unread);
  }
  if (isRemoved) {
    print(`Everything that ${title} created in account ${identity.accountId} is removed.`);
  } else {
    print(
      `Resources of ${names.suffix} may be left in account ${identity.accountId}. To remove them:`,
    );
    print(`  ${command} ${cleanArguments(options.profile, names.region)}`);
  }
  return isRemoved;
}

function printUnproven(names: readonly string[]): void {
  for (const name of names) {
    print(`  not touched: ${name} has a matching name, but not the tag of its run`);
  }
}

function printUnread(unread: readonly Unread[]): void {
  for (const { name, error } of unread) print(`  can't read ${name}: ${sentenceOf(error)}`);
}

/** Removes what runs have left that were killed. */
async function clean<Names extends RunNames>(
  { title, naming }: AccountCommand<Names>,
  account: Account,
): Promise<number> {
  const { clients } = account.connected;
  const { runs, unread } = await findRuns(clients, naming);
  const found = await Promise.all(runs.map(names => findOwn(clients, names)));
  const own = found.flatMap(each => each.own);
  const unseen = [...unread, ...found.flatMap(each => each.unread)];
  printUnproven(found.flatMap(each => each.unproven));
  printUnread(unseen);
  if (own.length === 0) {
    print(
      unseen.length === 0
        ? `No run of ${title} left anything in account ${account.connected.identity.accountId}.`
        : 'Nothing was found in what could be read.',
    );
    return unseen.length === 0 ? 0 : 1;
  }
  print(
    `Left by runs of ${title} (the name has the start time in UTC; a run may still be in progress):`,
  );
  for (const { kind, name } of own) print(`  ${kind} ${name}`);
  if (!(await agreed(account, `Remove these ${own.length}, with all objects in the buckets?`)))
    return 1;
  const left = await removeThings(own, print);
  print(left.length === 0 ? 'Everything is removed.' : `${left.length} are left.`);
  return left.length + unseen.length === 0 ? 0 : 1;
}

async function agreed({ options, signal }: Account, question: string): Promise<boolean> {
  if (options.yes) return true;
  const answer = await ask(`${question} [y/N] `, signal);
  if (/^y(es)?$/i.test(answer)) return true;
  print('Nothing was changed.');
  return false;
}
