import type { Naming, RunNames } from '../account/runNames.ts';

/** @param scenario of lower-case letters, digits and hyphens */
export const bucketOf = (suffix: string, scenario: string): string => `${scenario}-${suffix}`;

/** What a comparison makes, of these scenarios' buckets among others. */
export function compareNaming(scenariosWithBucket: readonly string[]): Naming<RunNames> {
  const namesOf = (suffix: string, region: string): RunNames => {
    const functionName = `CompareFunction-${suffix}`;
    return {
      suffix,
      region,
      buckets: [...scenariosWithBucket.map(name => bucketOf(suffix, name)), `made-${suffix}`],
      manifestBucket: bucketOf(suffix, 's3control-jobs'),
      functionRole: `CompareFunctionRole-${suffix}`,
      otherRoles: [`CompareBatchRole-${suffix}`, `CompareRole-${suffix}`],
      functionName,
      logGroup: `/aws/lambda/${functionName}`,
    };
  };
  return { prefix: 'bbcmp', namesOf };
}
