import { GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { destinationOf } from './destination.ts';
import { renderKey } from './keyTemplate.ts';
import type { FunctionOptions } from './options.ts';
import { FORMATS } from './pictureFormat.ts';
import { resize } from './resize.ts';
import type { ResizedPicture, ResizeLimits } from './resize.ts';
import { s3Fault } from './s3Fault.ts';
import { readSource, uriOf } from './source.ts';
import type { Source, SourceObject } from './source.ts';

/** A picture that was written. */
export interface Output {
  readonly bucket: string;
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** The source holds more pictures, which are not in this one. */
  readonly onlyFirst?: true;
}

/** What the function works with. */
export interface Tools {
  readonly client: S3Client;
  readonly options: FunctionOptions;
  /** The function's memory in bytes; undefined: not limited. */
  readonly memory?: number | undefined;
}

/**
 * Reads an object, resizes it and writes the results. The same object again is written again, to the
 * same keys with the same bytes.
 *
 * @param secondsLeft how long the next picture may take
 * @throws Fault
 */
export async function resizeObject(
  { client, options, memory = Infinity }: Tools,
  source: Source,
  secondsLeft: () => number,
): Promise<Output[]> {
  const bucket = destinationOf(source, options);
  await using object = await readSource(client, source, options.maxBytes);
  const kept = await keptProperties({ client, options }, source, object);
  const outputs: Output[] = [];
  const limits: ResizeLimits = { secondsLeft, bytes: memory - process.memoryUsage.rss() };
  for await (const picture of resize(object.input, options, limits)) {
    const key = renderKey(options.keyTemplate, {
      key: source.key,
      width: picture.askedWidth,
      format: picture.format,
    });
    await write(client, { Bucket: bucket, Key: key, ...kept }, picture);
    const { width, height, data, onlyFirst } = picture;
    const output = { bucket, key, width, height, bytes: data.length };
    outputs.push(onlyFirst ? { ...output, onlyFirst } : output);
  }
  return outputs;
}

async function write(
  client: S3Client,
  input: PutObjectCommandInput,
  { data, format }: ResizedPicture,
): Promise<void> {
  const { contentType } = FORMATS[format];
  try {
    await client.send(new PutObjectCommand({ ...input, Body: data, ContentType: contentType }));
  } catch (error) {
    throw s3Fault(error, `write s3://${input.Bucket}/${input.Key}`);
  }
}

/** What the resized object takes over of its source, where the options say so. */
async function keptProperties(
  { client, options }: Tools,
  source: Source,
  { headers }: SourceObject,
): Promise<Partial<PutObjectCommandInput>> {
  const { CacheControl, ContentDisposition, ContentLanguage, Metadata } = headers;
  return {
    ...(options.keepMetadata && { CacheControl, ContentDisposition, ContentLanguage, Metadata }),
    ...(options.keepTags && { Tagging: await readTags(client, source) }),
  };
}

/** The object's tags as PutObject takes them. */
async function readTags(client: S3Client, source: Source): Promise<string> {
  try {
    const { TagSet = [] } = await client.send(
      new GetObjectTaggingCommand({
        Bucket: source.bucket,
        Key: source.key,
        VersionId: source.versionId,
      }),
    );
    return TagSet.map(
      ({ Key = '', Value = '' }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`,
    ).join('&');
  } catch (error) {
    throw s3Fault(error, `read the tags of ${uriOf(source)}`);
  }
}
