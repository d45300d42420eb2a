import { BrigadeError } from '../../src/aws/errors.ts';
import type { Thing } from './ownThings.ts';

/** Removes things in their order, each whatever became of the others. @returns those that are left */
export async function removeThings(
  things: readonly Thing[],
  print: (line: string) => void,
): Promise<Thing[]> {
  const left: Thing[] = [];
  for (const thing of things) {
    try {
      await thing.remove();
      print(`  removed ${thing.kind} ${thing.name}`);
    } catch (error) {
      if (error instanceof BrigadeError && error.code === 'NotFound') continue;
      left.push(thing);
      print(`  ${thing.kind} ${thing.name} couldn't be removed: ${sentenceOf(error)}`);
    }
  }
  return left;
}

/** What went wrong, in one line, with AWS's code where there is one. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof BrigadeError))
    return error instanceof Error ? error.message : String(error);
  const { message, awsCode, subject, action } = error;
  const facts = [subject, awsCode, action && `needs ${action}`].filter(Boolean).join(', ');
  return facts === '' ? message : `${message} (${facts})`;
}
