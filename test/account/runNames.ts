import { randomBytes } from 'node:crypto';

/** The tag that all of a run's things have from their first moment on; its value is the run's suffix. */
export const LAB_TAG = 'bucket-brigade:lab';
/** The tag that says in which Region a run was: roles are in none. */
export const REGION_TAG = 'bucket-brigade:lab-region';

/** What a run on an account may make, and all that its end and `--clean` look for. */
export interface RunNames {
  /** `bblab-2611301912-0a1b2c`: when the run began, by UTC, and what no other run has. */
  readonly suffix: string;
  readonly region: string;
  readonly buckets: readonly string[];
  /** The one of the buckets that manifests of the run's jobs are in. */
  readonly manifestBucket: string;
  /** What the function runs as. */
  readonly functionRole: string;
  readonly otherRoles: readonly string[];
  readonly functionName: string;
  readonly logGroup: string;
}

/** How a command names what its runs make. */
export interface Naming<Names extends RunNames> {
  /** What suffixes begin with: `bblab`. */
  readonly prefix: string;
  readonly namesOf: (suffix: string, region: string) => Names;
}

/** @param prefix of letters, the command's own */
export function newSuffix(prefix: string, now = new Date()): string {
  const time = now.toISOString().replace(/\D/g, '').slice(2, 12);
  return `${prefix}-${time}-${randomBytes(3).toString('hex')}`;
}

/** The suffix of the run that may have made something of this name; a name proves nothing. */
export function suffixOf({ prefix, namesOf }: Naming<RunNames>, name: string): string | undefined {
  const suffix = new RegExp(`(?<![a-z0-9])${prefix}-\\d{10}-[0-9a-f]{6}(?![0-9a-z])`).exec(
    name,
  )?.[0];
  if (suffix === undefined) return undefined;
  const { buckets, functionRole, otherRoles, functionName } = namesOf(suffix, '');
  const own = [...buckets, functionRole, ...otherRoles, functionName];
  return own.includes(name) ? suffix : undefined;
}

export function runTags({ suffix, region }: Pick<RunNames, 'suffix' | 'region'>) {
  return { [LAB_TAG]: suffix, [REGION_TAG]: region };
}
