// `npm run lab -- --profile NAME`: the lab's tasks on a real account, by the extension's own functions.
import { runOnAccount, type RunContext } from '../../account/accountCommand.ts';
import { sentenceOf } from '../../account/removeThings.ts';
import { LAB_NAMING, type LabNames } from './labNames.ts';
import { makeLab } from './makeLab.ts';
import { planLines } from './plan.ts';
import { labTasks } from './tasks.ts';

/** @returns the exit code: 130 when it was interrupted, 2 for arguments that can't be read */
export async function accountLab(args: readonly string[]): Promise<number> {
  const lab = {
    command: 'npm run lab --',
    title: 'the lab',
    naming: LAB_NAMING,
    plan: planLines,
    question: 'Run the lab?',
    run: runTasks,
  };
  return await runOnAccount(lab, args);
}

/** @returns whether all passed */
async function runTasks(context: RunContext<LabNames>): Promise<boolean> {
  const { clients, names, signal, print } = context;
  print(`Creating the buckets, objects and roles of ${names.suffix}`);
  await makeLab(clients, names, { signal });
  const tasks = labTasks(context);
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
