import { GetBucketLocationCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from './call.ts';
import { toBrigadeError } from './toBrigadeError.ts';
import { formatS3Uri } from './s3Uri.ts';

/**
 * The Region a bucket lives in, as HeadBucket's `x-amz-bucket-region` says (a refusal and a redirect
 * carry it too), else GetBucketLocation, else `fallback`.
 *
 * @throws BrigadeError `NotFound` when there is no such bucket, `Network` …
 */
export async function bucketRegion(
  client: S3Client,
  bucket: string,
  fallback: string,
  options: CallOptions = {},
): Promise<string> {
  const subject = formatS3Uri({ bucket });
  return call(subject, options, async () => {
    const head = await headRegion(client, bucket, options);
    return head ?? (await locationRegion(client, bucket, options)) ?? fallback;
  });
}

async function headRegion(client: S3Client, bucket: string, options: CallOptions) {
  try {
    const command = new HeadBucketCommand({ Bucket: bucket });
    return (await client.send(command, { abortSignal: options.signal })).BucketRegion;
  } catch (error) {
    const region = headerRegion(error);
    const { code } = toBrigadeError(error);
    if (region === undefined && code !== 'AccessDenied' && code !== 'InvalidInput') {
      throw error;
    }
    return region;
  }
}

async function locationRegion(client: S3Client, bucket: string, options: CallOptions) {
  try {
    const command = new GetBucketLocationCommand({ Bucket: bucket });
    const output = await client.send(command, { abortSignal: options.signal });
    return regionOfLocation(output.LocationConstraint);
  } catch (error) {
    if (toBrigadeError(error).code === 'AccessDenied') {
      return undefined;
    }
    throw error;
  }
}

/** S3's old names: no constraint is us-east-1, `EU` is eu-west-1. */
export function regionOfLocation(constraint: string | undefined): string {
  if (constraint === undefined || constraint === '') {
    return 'us-east-1';
  }
  return constraint === 'EU' ? 'eu-west-1' : constraint;
}

/** Whether an error says that the bucket lives in another Region, and in which if it says so. */
export function regionOfRedirect(error: unknown): { redirected: boolean; region?: string } {
  const facts = error as {
    name?: unknown;
    $metadata?: { httpStatusCode?: unknown };
    Region?: unknown;
  } | null;
  const redirected =
    facts?.$metadata?.httpStatusCode === 301 ||
    facts?.name === 'PermanentRedirect' ||
    facts?.name === 'AuthorizationHeaderMalformed';
  const inBody = typeof facts?.Region === 'string' ? facts.Region : undefined;
  return redirected ? { redirected, region: headerRegion(error) ?? inBody } : { redirected };
}

function headerRegion(error: unknown): string | undefined {
  const response = (error as { $response?: { headers?: Record<string, string> } } | null)
    ?.$response;
  return response?.headers?.['x-amz-bucket-region'];
}

/** Remembers buckets' Regions; two who ask at once share the request. */
export function createBucketRegions() {
  const known = new Map<string, Promise<string>>();
  const regions = new Set<string>();
  return {
    known: (): readonly string[] => [...regions],
    of(bucket: string, lookUp: () => Promise<string>): Promise<string> {
      const region = known.get(bucket) ?? lookUp();
      known.set(bucket, region);
      region.then(
        found => regions.add(found),
        () => {
          if (known.get(bucket) === region) {
            known.delete(bucket);
          }
        },
      );
      return region;
    },
    remember: (bucket: string, region: string | undefined): void => {
      if (region === undefined) {
        known.delete(bucket);
      } else {
        regions.add(region);
        known.set(bucket, Promise.resolve(region));
      }
    },
  };
}
