import { encodeEventKey } from '../notifications/eventKey.ts';
import { bucketArn } from '../s3Uri.ts';

/** An object for the resize function. Nothing here loads the AWS SDK. */
export interface ObjectToResize {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Bytes. */
  readonly size?: number;
  /** Without quotes. */
  readonly eTag?: string;
}

export type ResizeOutcome = 'resized' | 'skipped' | 'failed';

export interface ResizeResult {
  readonly bucket: string;
  readonly key: string;
  readonly outcome: ResizeOutcome;
  readonly outputs: readonly ResizedObject[];
  /** `UnsupportedFormat` … of an object that can never be resized. */
  readonly errorType?: string;
  readonly message?: string;
}

export interface ResizedObject {
  readonly bucket: string;
  readonly key: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly bytes?: number;
  /** The image has more images (animation, pages), of which only the first was resized. */
  readonly onlyFirst?: boolean;
}

/**
 * The event that S3 sends when an object is created (Amazon S3 user guide, "Event message
 * structure"), for an object that is there already.
 */
export function objectCreatedEvent(
  object: ObjectToResize,
  { region, partition }: { readonly region: string; readonly partition: string },
  now: Date,
) {
  const { bucket, key, size, eTag, versionId } = object;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: now.toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'bucket-brigade',
          bucket: { name: bucket, arn: bucketArn(partition, bucket) },
          object: { key: encodeEventKey(key), size, eTag, versionId },
        },
      },
    ],
  };
}

/** What the function answered for its one record; undefined when it is not the resize function. */
export function parseResizeResult(payload: string): ResizeResult | undefined {
  const answer = parse(payload);
  const results = isRecord(answer) ? answer['results'] : undefined;
  const first: unknown = Array.isArray(results) ? results[0] : undefined;
  if (!isRecord(first)) return undefined;
  const { bucket, key, outcome, outputs, errorType, message } = first;
  if (typeof bucket !== 'string' || typeof key !== 'string' || !isOutcome(outcome)) {
    return undefined;
  }
  const written: unknown[] = Array.isArray(outputs) ? outputs : [];
  return {
    bucket,
    key,
    outcome,
    outputs: written.flatMap(outputOf),
    errorType: typeof errorType === 'string' ? errorType : undefined,
    message: typeof message === 'string' ? message : undefined,
  };
}

/** Lambda's sentence about a function that failed (`errorType: errorMessage`), or the payload. */
export function invocationError(payload: string): string {
  const answer = parse(payload);
  if (!isRecord(answer) || typeof answer['errorMessage'] !== 'string') return payload;
  const type = answer['errorType'];
  const message = answer['errorMessage'];
  return typeof type === 'string' && type !== '' && type !== 'Error'
    ? `${type}: ${message}`
    : message;
}

function outputOf(output: unknown): ResizedObject[] {
  if (!isRecord(output)) return [];
  const { bucket, key } = output;
  const number = (name: string): number | undefined =>
    typeof output[name] === 'number' ? output[name] : undefined;
  if (typeof bucket !== 'string' || typeof key !== 'string') return [];
  const [width, height, bytes] = [number('width'), number('height'), number('bytes')];
  return [{ bucket, key, width, height, bytes, onlyFirst: output['onlyFirst'] === true }];
}

function isOutcome(value: unknown): value is ResizeOutcome {
  return value === 'resized' || value === 'skipped' || value === 'failed';
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
