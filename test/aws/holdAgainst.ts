import { differencesOf, type Answers, type Difference } from './differences.ts';
import { judge, KNOWN_DIFFERENCES, type Judged } from './knownDifferences.ts';
import type { Played } from './runScenarios.ts';

export interface Held extends Judged {
  /** Scenarios that the sandbox did not play to their end. */
  readonly stopped: readonly Played[];
}

/** Holds what a sandbox answered against what AWS answers, or has answered when it was recorded. */
export function holdAgainst(
  aws: readonly { readonly scenario: string; readonly answers: Answers }[],
  sandbox: readonly Played[],
  list = KNOWN_DIFFERENCES,
): Held {
  const names = aws.map(({ scenario }) => scenario);
  const differences = aws.flatMap(({ scenario, answers }): Difference[] => {
    const own = sandbox.find(played => played.scenario === scenario)?.answers ?? {};
    return differencesOf(scenario, answers, own);
  });
  return {
    ...judge(differences, names, list),
    stopped: sandbox.filter(
      ({ scenario, stopped }) => names.includes(scenario) && stopped !== undefined,
    ),
  };
}
