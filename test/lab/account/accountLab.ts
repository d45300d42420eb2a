// `npm run lab -- --profile NAME`: the lab's tasks on a real account, by the extension's own functions.
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { ask, connect } from './connect.ts';
import { labNames, newSuffix, type LabNames } from './labNames.ts';
import { findRuns } from './leftovers.ts';
import { makeLab } from './makeLab.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { findOwn, type Unread } from './ownThings.ts';
import { planLines } from './plan.ts';
import { removeThings, sentenceOf } from './removeThings.ts';
import { cleanArguments, interruption } from './interruption.ts';
import { labTasks } from './tasks.ts';

const print = (line: string): void => console.log(line);

interface Context {
  readonly clients: AwsClients;
  readonly options: Options;
  readonly signal: AbortSignal;
}

/** @returns the exit code: 130 when it was interrupted, 2 for arguments that can't be read */
export async function accountLab(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${sentenceOf(error)}\n\n${USAGE}`);
    return 2;
  }
  const signal = interruption(options.profile);
  try {
    const { clients, identity } = await connect(options, signal);
    try {
      print(`Account ${identity.accountId}, ${clients.region}, as ${identity.arn}`);
      const context = { clients, options, signal };
      return options.clean ? await clean(context) : await runLab(context);
    } finally {
      clients.destroy();
    }
  } catch (error) {
    console.error(signal.aborted ? 'Interrupted.' : sentenceOf(error));
    return signal.aborted ? 130 : 1;
  }
}

async function runLab(context: Context): Promise<number> {
  const { clients, signal } = context;
  const names = labNames(newSuffix(), clients.region);
  planLines(names).forEach(print);
  if (!(await agreed(context, 'Run the lab?'))) return 1;
  let failed: boolean;
  try {
    failed = !(await runTasks(context, names));
  } catch (error) {
    print(signal.aborted ? 'Interrupted: removing what was made.' : `✗ ${sentenceOf(error)}`);
    failed = true;
  }
  const removed = await removeRun(context, names);
  if (signal.aborted) return 130;
  return failed || !removed ? 1 : 0;
}

/** @returns whether all passed */
async function runTasks({ clients, signal }: Context, names: LabNames): Promise<boolean> {
  const wait = (line: string): void => print(`  … ${line}`);
  print(`Making the buckets, the objects and the roles of ${names.suffix}`);
  await makeLab(clients, names, { signal });
  const tasks = labTasks({ clients, names, signal, wait });
  let passed = 0;
  for (const { title, run } of tasks) {
    try {
      print(`${title}: ${await run()}`);
      passed += 1;
    } catch (error) {
      if (signal.aborted) throw error;
      print(`✗ ${title}: ${sentenceOf(error)}`);
      break;
    }
  }
  const failed = passed < tasks.length ? 1 : 0;
  const rest = tasks.length - passed - failed;
  print(`${passed} passed, ${failed} failed${rest > 0 ? `, ${rest} not run` : ''}`);
  return failed === 0;
}

/** Milliseconds between two looks: what was made a moment ago may not be shown at once. */
const LOOK_AGAIN_MS = 2000;

/** Removes all that the run has made, whatever became of it; a signal does not stop it. */
async function removeRun({ clients, options }: Context, names: LabNames): Promise<boolean> {
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
    print('All that the lab made is removed.');
  } else {
    print(`Something of ${names.suffix} may be left. To remove it:`);
    print(`  npm run lab -- ${cleanArguments(options.profile, names.region)}`);
  }
  return isRemoved;
}

function printUnproven(names: readonly string[]): void {
  for (const name of names) {
    print(`  not touched: ${name} has such a name, but not the tag of its run`);
  }
}

function printUnread(unread: readonly Unread[]): void {
  for (const { name, error } of unread) print(`  can't look at ${name}: ${sentenceOf(error)}`);
}

/** Removes what runs have left that were killed. */
async function clean(context: Context): Promise<number> {
  const { runs, unread } = await findRuns(context.clients);
  const found = await Promise.all(runs.map(names => findOwn(context.clients, names)));
  const own = found.flatMap(each => each.own);
  const unseen = [...unread, ...found.flatMap(each => each.unread)];
  printUnproven(found.flatMap(each => each.unproven));
  printUnread(unseen);
  if (own.length === 0) {
    print(
      unseen.length === 0
        ? 'No run of the lab has left anything.'
        : 'Nothing was found where it was possible to look.',
    );
    return unseen.length === 0 ? 0 : 1;
  }
  print('Left by runs of the lab (the name says when, by UTC; one of them may still be running):');
  for (const { kind, name } of own) print(`  ${kind} ${name}`);
  if (!(await agreed(context, `Remove these ${own.length}, with all objects in the buckets?`)))
    return 1;
  const left = await removeThings(own, print);
  print(left.length === 0 ? 'All of it is removed.' : `${left.length} are left.`);
  return left.length + unseen.length === 0 ? 0 : 1;
}

async function agreed({ options, signal }: Context, question: string): Promise<boolean> {
  if (options.yes) return true;
  const answer = await ask(`${question} [y/N] `, signal);
  if (/^y(es)?$/i.test(answer)) return true;
  print('Nothing was changed.');
  return false;
}
