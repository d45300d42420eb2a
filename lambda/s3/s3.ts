import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pairs } from './s3Error.ts';
import { S3Requests } from './s3Requests.ts';

/** An object in a bucket; without a version the latest. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** An object that is being read. */
export interface OpenedObject {
  readonly body: IncomingMessage;
  /** Bytes. */
  readonly size: number;
  /** Names in lower case. */
  readonly headers: IncomingMessage['headers'];
}

/**
 * The calls of S3 that the functions make. It is no more than that, because a cold start waits
 * until the code is loaded: the AWS SDK's client is twenty times as large.
 */
export class S3 extends S3Requests {
  /** Begins to read an object. @throws S3Error, or what the network failed with */
  async getObject({ bucket, key, versionId }: ObjectAddress): Promise<OpenedObject> {
    const body = await this.send({
      method: 'GET',
      bucket,
      key,
      query: { 'x-id': 'GetObject', ...(versionId !== undefined && { versionId }) },
    });
    return { body, size: Number(body.headers['content-length'] ?? 0), headers: body.headers };
  }

  /**
   * Writes an object.
   *
   * @param headers what it has besides its bytes: `content-type`, `x-amz-meta-…`, `x-amz-tagging` …
   * @throws S3Error, or what the network failed with
   */
  async putObject(
    { bucket, key }: ObjectAddress,
    bytes: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const answer = await this.send({
      method: 'PUT',
      bucket,
      key,
      query: { 'x-id': 'PutObject' },
      // S3 holds the bytes against the hash that is signed, and makes a checksum of its own to keep.
      headers: { ...headers, 'content-length': String(bytes.length) },
      bytes,
    });
    // Until it is read, the connection serves nothing else.
    answer.resume();
  }

  /** The tags of an object, in S3's order. @throws S3Error, or what the network failed with */
  async getObjectTagging({
    bucket,
    key,
    versionId,
  }: ObjectAddress): Promise<(readonly [key: string, value: string])[]> {
    const query = { tagging: '', ...(versionId !== undefined && { versionId }) };
    const answer = await this.send({ method: 'GET', bucket, key, query });
    return pairs(await textOf(answer), 'Key', 'Value');
  }

  /** Replaces all tags of an object. @throws S3Error, or what the network failed with */
  async putObjectTagging(
    { bucket, key, versionId }: ObjectAddress,
    tags: readonly (readonly [key: string, value: string])[],
  ): Promise<void> {
    const bytes = Buffer.from(tagging(tags));
    const answer = await this.send({
      method: 'PUT',
      bucket,
      key,
      query: { tagging: '', ...(versionId !== undefined && { versionId }) },
      headers: {
        'content-type': 'application/xml',
        'content-length': String(bytes.length),
        // S3 asks for one of its checksums.
        'content-md5': createHash('md5').update(bytes).digest('base64'),
      },
      bytes,
    });
    answer.resume();
  }
}

/** The body of PutObjectTagging. */
function tagging(tags: readonly (readonly [string, string])[]): string {
  const set = tags.map(
    ([key, value]) => `<Tag><Key>${escaped(key)}</Key><Value>${escaped(value)}</Value></Tag>`,
  );
  return `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>${set.join('')}</TagSet></Tagging>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\r]/g, character => `&#${character.charCodeAt(0)};`);
}

/** All of an answer that is known to be small. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  return Buffer.concat((await answer.toArray()) as Buffer[]).toString('utf8');
}
