import type { S3Event, S3EventRecord } from 'aws-lambda';
import type { Fault } from './fault.ts';
import { logStart, outcomeOf, skipped } from './outcome.ts';
import type { EncodedSource, Invocation, Outcome } from './outcome.ts';
import type { Tools } from './resizeObject.ts';

/** The events after which there is an object to resize. */
const CREATED = /^(s3:)?(ObjectCreated:|ObjectRestore:Completed)/;

/**
 * Handles an S3 event notification. All records are worked on before a fault of one of them is
 * thrown, so that Lambda's retry repeats as little as it can.
 *
 * @throws Fault of the first record whose fault Lambda must retry or count: transient ones, a
 * configuration that somebody must change, and with `PERMANENT_ERRORS=throw` any other.
 */
export async function handleS3Event(
  tools: Tools,
  event: S3Event,
  invocation: Invocation,
): Promise<{ readonly results: readonly Outcome[] }> {
  const results: Outcome[] = [];
  let thrown: Fault | undefined;
  for (const record of event.Records) {
    const source = sourceOf(record);
    const reason = reasonToSkip(record);
    if (reason !== undefined) {
      results.push(skipped(source, reason, invocation));
      continue;
    }
    logStart(source, record.s3.object, invocation);
    const { result, fault } = await outcomeOf(tools, source, invocation);
    results.push(result);
    if (fault && (fault.kind !== 'permanent' || tools.options.permanentErrors === 'throw')) {
      thrown ??= fault;
    }
  }
  if (thrown) throw thrown;
  return { results };
}

function reasonToSkip(record: S3EventRecord): string | undefined {
  if (!CREATED.test(record.eventName)) return `${record.eventName} leaves nothing to resize`;
  const { key, size } = record.s3.object;
  if (key.endsWith('/') && size === 0) return 'A folder is not an image';
  return undefined;
}

/** The latest version is read, not the event's: after a quick overwrite the last event must not win. */
function sourceOf({ s3 }: S3EventRecord): EncodedSource {
  return { bucket: s3.bucket.name, encodedKey: s3.object.key };
}
