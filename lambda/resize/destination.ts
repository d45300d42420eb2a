import { Fault } from './fault.ts';
import type { FunctionOptions } from './options.ts';
import type { Source } from './source.ts';

/**
 * The bucket that a source's images are written to. The function never writes where it reads: in the
 * source's own bucket every key it writes must begin with a text that no source begins with, or each
 * image it writes would be an upload that invokes it again.
 *
 * @throws Fault configuration `DestinationOverlapsSource`.
 */
export function destinationOf(
  source: Source,
  { destinationBucket, keyTemplate }: Pick<FunctionOptions, 'destinationBucket' | 'keyTemplate'>,
): string {
  const bucket = destinationBucket ?? `${source.bucket}-resized`;
  const { prefix, text } = keyTemplate;
  if (bucket !== source.bucket || (prefix !== '' && !source.key.startsWith(prefix))) return bucket;
  throw new Fault(
    'permanent',
    'DestinationOverlapsSource',
    prefix === ''
      ? `DESTINATION_BUCKET is the bucket that is read, and KEY_TEMPLATE ${JSON.stringify(text)} ` +
          'begins with no fixed text: the function would be invoked by what it writes'
      : `The object is where the function writes (${bucket}/${prefix}…): ` +
          'narrow the event notification to another prefix, or write to another bucket',
  );
}
