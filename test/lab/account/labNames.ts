import type { Naming, RunNames } from '../../account/runNames.ts';

/** What one run of the lab makes. */
export interface LabNames extends RunNames {
  readonly images: string;
  readonly assets: string;
  readonly resized: string;
  readonly batchRole: string;
}

function labNames(suffix: string, region: string): LabNames {
  const functionName = `ImageResizeFunction-${suffix}`;
  const [assets, images] = [`assets-${suffix}`, `images-${suffix}`];
  const [resized, batchRole] = [`${images}-resized`, `S3BatchPutRole-${suffix}`];
  return {
    ...{ suffix, region, images, assets, resized, batchRole },
    buckets: [assets, images, resized],
    manifestBucket: assets,
    functionRole: `S3LambdaRole-${suffix}`,
    otherRoles: [batchRole],
    functionName,
    logGroup: `/aws/lambda/${functionName}`,
  };
}

export const LAB_NAMING: Naming<LabNames> = { prefix: 'bblab', namesOf: labNames };
