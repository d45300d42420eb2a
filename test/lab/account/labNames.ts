import { randomBytes } from 'node:crypto';

/** The tag that all of a run's things have from their first moment on; its value is the run's suffix. */
export const LAB_TAG = 'bucket-brigade:lab';
/** The tag that says in which Region a run was: roles are in none. */
export const REGION_TAG = 'bucket-brigade:lab-region';

/** What one run makes. */
export interface LabNames {
  /** `bblab-2611301912-0a1b2c`: when the run began, by UTC, and what no other run has. */
  readonly suffix: string;
  readonly region: string;
  readonly images: string;
  readonly assets: string;
  readonly resized: string;
  readonly batchRole: string;
  readonly functionRole: string;
  readonly functionName: string;
  readonly logGroup: string;
}

export function labNames(suffix: string, region: string): LabNames {
  const functionName = `ImageResizeFunction-${suffix}`;
  return {
    suffix,
    region,
    images: `images-${suffix}`,
    assets: `assets-${suffix}`,
    resized: `images-${suffix}-resized`,
    batchRole: `S3BatchPutRole-${suffix}`,
    functionRole: `S3LambdaRole-${suffix}`,
    functionName,
    logGroup: `/aws/lambda/${functionName}`,
  };
}

export function newSuffix(now = new Date()): string {
  const time = now.toISOString().replace(/\D/g, '').slice(2, 12);
  return `bblab-${time}-${randomBytes(3).toString('hex')}`;
}

const SUFFIX = 'bblab-\\d{10}-[0-9a-f]{6}';
const NAMES = [
  `(?:images|assets)-(${SUFFIX})`,
  `images-(${SUFFIX})-resized`,
  `S3(?:BatchPut|Lambda)Role-(${SUFFIX})`,
  `ImageResizeFunction-(${SUFFIX})`,
].map(pattern => new RegExp(`^${pattern}$`));

/** The suffix of the run that may have made something of this name; a name proves nothing. */
export function suffixOf(name: string): string | undefined {
  return NAMES.map(pattern => pattern.exec(name)?.[1]).find(found => found !== undefined);
}

export function labTags({ suffix, region }: Pick<LabNames, 'suffix' | 'region'>) {
  return { [LAB_TAG]: suffix, [REGION_TAG]: region };
}
