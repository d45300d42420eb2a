import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { call, callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { unquoted } from '../objects/listing.ts';
import { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface UploadedPart {
  /** Without quotes. */
  readonly eTag: string;
  /** Bytes. */
  readonly size: number;
}

export interface UploadTarget {
  readonly bucket: string;
  readonly key: string;
}

/** Milliseconds: S3 tells whole seconds of its own clock, and this computer's may be ahead of it. */
const CLOCK_SLACK = 60_000;

/** A new object's upload in parts, which any process can continue with. */
export class ManifestUpload {
  readonly #client: S3Client;
  readonly #target: UploadTarget;
  readonly #options: CallOptions;
  readonly #pace = new Pace({ most: 4 });

  constructor(client: S3Client, target: UploadTarget, options: CallOptions = {}) {
    this.#client = client;
    this.#target = target;
    this.#options = options;
  }

  get #subject(): string {
    return formatS3Uri(this.#target);
  }

  get #where(): { Bucket: string; Key: string } {
    return { Bucket: this.#target.bucket, Key: this.#target.key };
  }

  /** @throws BrigadeError `AccessDenied` (s3:PutObject) … */
  async begin(): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...this.#where,
      ContentType: 'text/csv',
      // A hand-written manifest may not be encrypted with KMS, whatever the bucket's default is.
      ServerSideEncryption: 'AES256',
    });
    const { UploadId: id } = await this.#send('s3:PutObject', () =>
      this.#client.send(command, { abortSignal: this.#options.signal }),
    );
    return id ?? '';
  }

  /** Uploads a part again too: S3 keeps the last one of its number. @throws BrigadeError */
  async part(uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    const command = new UploadPartCommand({
      ...{ ...this.#where, UploadId: uploadId, PartNumber: number },
      Body: body,
    });
    const { ETag } = await this.#pace.run(
      () =>
        this.#send('s3:PutObject', () =>
          this.#client.send(command, { abortSignal: this.#options.signal }),
        ),
      this.#options,
    );
    return { eTag: unquoted(ETag) ?? '', size: body.byteLength };
  }

  /**
   * Makes the object of its parts, and finds it when it was made before: a lost answer, a kill.
   *
   * @throws BrigadeError `Conflict` with the reason `Exists` when another object is there
   */
  async complete(
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<{ eTag: string; versionId?: string }> {
    const command = new CompleteMultipartUploadCommand({
      ...{ ...this.#where, UploadId: uploadId, IfNoneMatch: '*' },
      MultipartUpload: {
        Parts: parts.map(({ eTag }, index) => ({ ETag: eTag, PartNumber: index + 1 })),
      },
    });
    try {
      const output = await this.#send('s3:PutObject', () =>
        this.#client.send(command, { abortSignal: this.#options.signal }),
      );
      return { eTag: unquoted(output.ETag) ?? '', versionId: output.VersionId };
    } catch (error) {
      const made = await this.#findMade(parts);
      if (made) return made;
      if (error instanceof BrigadeError && error.awsCode === 'PreconditionFailed') {
        throw new BrigadeError('Conflict', 'There is an object of this name already', {
          ...{ subject: this.#subject, reason: 'Exists', cause: error },
        });
      }
      throw error;
    }
  }

  /** Deletes its parts; one that S3 no longer knows is no fault. @throws BrigadeError */
  async abort(uploadId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#where, UploadId: uploadId });
    await recoverFrom(['NotFound'], undefined, () =>
      this.#send('s3:AbortMultipartUpload', () => this.#client.send(command)),
    );
  }

  /** Deletes uploads of this name that began since then: a kill before their id was written down. */
  async abortForgotten(since: Date): Promise<void> {
    const command = new ListMultipartUploadsCommand({
      ...{ Bucket: this.#target.bucket, Prefix: this.#target.key },
    });
    // A caller who may not list them leaves them to the bucket's lifecycle rules.
    const found = await recoverFrom(['AccessDenied', 'InvalidInput'], undefined, () =>
      this.#send('s3:ListBucketMultipartUploads', () => this.#client.send(command)),
    );
    const earliest = since.getTime() - CLOCK_SLACK;
    for (const { Key, UploadId, Initiated } of found?.Uploads ?? []) {
      const ours = Key === this.#target.key && Initiated && Initiated.getTime() >= earliest;
      if (ours && UploadId) await this.abort(UploadId);
    }
  }

  async #findMade(
    parts: readonly UploadedPart[],
  ): Promise<{ eTag: string; versionId?: string } | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand(this.#where));
      const eTag = unquoted(head.ETag) ?? '';
      return eTag === eTagOf(parts) ? { eTag, versionId: head.VersionId } : undefined;
    } catch {
      return undefined;
    }
  }

  async #send<T>(action: string, run: () => Promise<T>): Promise<T> {
    return await callWithAction(action, this.#subject, this.#options, () =>
      call(this.#subject, this.#options, run),
    );
  }
}

/** S3's ETag of an object in parts: the MD5 of theirs, and how many they are. */
function eTagOf(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const { eTag } of parts) md5.update(Buffer.from(eTag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
