import { destinationOf } from './destination.ts';
import { renderKey } from './keyTemplate.ts';
import type { FunctionOptions } from './options.ts';
import { FORMATS } from './imageFormat.ts';
import { resize, type ResizeLimits, type ResizedImage } from './resize.ts';
import type { ObjectAddress, S3 } from '../s3/s3.ts';
import { s3Fault } from './s3Fault.ts';
import { readSource, uriOf, type Source, type SourceObject } from './source.ts';

/** An image that was written. */
export interface Output {
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** The source holds more images, which are not in this one. */
  readonly onlyFirst?: true;
}

/** What the function works with. */
export interface Tools {
  readonly s3: Pick<S3, 'getObject' | 'putObject' | 'getObjectTagging'>;
  readonly options: FunctionOptions;
  /** The function's memory in bytes; undefined: not limited. */
  readonly memory?: number | undefined;
}

/**
 * Reads an object, resizes it and writes the results. The same object again is written again, to the
 * same keys with the same bytes.
 *
 * @param secondsLeft how long the next image may take
 * @throws Fault
 */
export async function resizeObject(
  { s3, options, memory = Infinity }: Tools,
  source: Source,
  secondsLeft: () => number,
): Promise<Output[]> {
  const bucket = destinationOf(source, options);
  await using object = await readSource(s3, source, options.maxBytes);
  const kept = await keptProperties({ s3, options }, source, object);
  const outputs: Output[] = [];
  const limits: ResizeLimits = { secondsLeft, bytes: memory - process.memoryUsage.rss() };
  for await (const image of resize(object.input, options, limits)) {
    const key = renderKey(options.keyTemplate, {
      key: source.key,
      width: image.askedWidth,
      format: image.format,
    });
    await write(s3, { bucket, key }, image, kept);
    const { width, height, data, onlyFirst } = image;
    const output = { bucket, key, width, height, bytes: data.length };
    outputs.push(onlyFirst ? { ...output, onlyFirst } : output);
  }
  return outputs;
}

type Headers = Readonly<Record<string, string>>;

async function write(
  s3: Tools['s3'],
  address: ObjectAddress,
  { data, format }: ResizedImage,
  kept: Headers,
): Promise<void> {
  const headers = { ...kept, 'content-type': FORMATS[format].contentType };
  try {
    await s3.putObject(address, data, headers);
  } catch (error) {
    throw s3Fault(error, `write ${uriOf(address)}`);
  }
}

/** Headers of an object that PutObject takes as GetObject gives them. */
const KEPT_HEADERS = /^(cache-control|content-disposition|content-language|x-amz-meta-.*)$/;

/** What the resized object takes over of its source, where the options say so. */
async function keptProperties(
  { s3, options }: Tools,
  source: Source,
  { headers }: SourceObject,
): Promise<Headers> {
  const properties = Object.entries(headers).filter(
    (header): header is [string, string] =>
      KEPT_HEADERS.test(header[0]) && typeof header[1] === 'string',
  );
  return {
    ...(options.keepMetadata && Object.fromEntries(properties)),
    ...(options.keepTags && { 'x-amz-tagging': await readTags(s3, source) }),
  };
}

/** The object's tags as PutObject takes them. */
async function readTags(s3: Tools['s3'], source: Source): Promise<string> {
  try {
    const tags = await s3.getObjectTagging(source);
    return tags
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
      .join('&');
  } catch (error) {
    throw s3Fault(error, `read the tags of ${uriOf(source)}`);
  }
}
