import type { Difference } from './differences.ts';

/** A difference that stays, and why. */
export interface KnownDifference {
  /** `SCENARIO: PROBE`, as the table has it. */
  readonly probe: string;
  readonly field: string;
  readonly reason: string;
}

/** Held against every recording: what is not in it, and what is in it but no longer there, fails. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];

export interface Judged {
  readonly unknown: readonly Difference[];
  readonly known: readonly Difference[];
  /** Of these scenarios, listed, and gone. */
  readonly gone: readonly KnownDifference[];
}

/** @param scenarios what was compared: of others nothing is missed */
export function judge(
  differences: readonly Difference[],
  scenarios: readonly string[],
  list = KNOWN_DIFFERENCES,
): Judged {
  const same = (one: KnownDifference, { probe, field }: Difference): boolean =>
    one.probe === probe && one.field === field;
  const isKnown = (difference: Difference): boolean => list.some(one => same(one, difference));
  return {
    unknown: differences.filter(difference => !isKnown(difference)),
    known: differences.filter(isKnown),
    gone: list
      .filter(({ probe }) => scenarios.includes(probe.split(': ', 1)[0]!))
      .filter(one => !differences.some(difference => same(one, difference))),
  };
}
