import {
  GetBucketOwnershipControlsCommand,
  GetObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';

/** `unknown`: the caller may not ask. */
export type Answer = 'yes' | 'no' | 'unknown';

/**
 * What a bucket says of all its objects, asked once for an operation on many of them; after a failure
 * it is asked again. Nothing is kept longer: both can be changed at any time.
 */
export class BucketRules {
  readonly client: S3Client;
  readonly bucket: string;
  #acls: Promise<Answer> | undefined;
  #locks: Promise<Answer> | undefined;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * Whether objects can have access control lists: not where the bucket's owner owns everything, as
   * in buckets made since April 2023 (Amazon S3 user guide, "Controlling ownership of objects").
   *
   * @throws BrigadeError
   */
  haveAcls(options: CallOptions): Promise<Answer> {
    this.#acls ??= this.#ask('s3:GetBucketOwnershipControls', options, async () => {
      const command = new GetBucketOwnershipControlsCommand({ Bucket: this.bucket });
      const output = await this.client.send(command, { abortSignal: options.signal });
      const rules = output.OwnershipControls?.Rules ?? [];
      return rules.some(rule => rule.ObjectOwnership === 'BucketOwnerEnforced') ? 'no' : 'yes';
    })
      .then(answer => (answer === 'none' ? 'yes' : answer === 'never' ? 'unknown' : answer))
      .catch((error: unknown) => {
        this.#acls = undefined;
        throw error;
      });
    return this.#acls;
  }

  /** Whether objects can be locked. @throws BrigadeError */
  haveLocks(options: CallOptions): Promise<Answer> {
    this.#locks ??= this.#ask('s3:GetBucketObjectLockConfiguration', options, async () => {
      const command = new GetObjectLockConfigurationCommand({ Bucket: this.bucket });
      const output = await this.client.send(command, { abortSignal: options.signal });
      return output.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled' ? 'yes' : 'no';
    })
      .then(answer => (answer === 'none' || answer === 'never' ? 'no' : answer))
      .catch((error: unknown) => {
        this.#locks = undefined;
        throw error;
      });
    return this.#locks;
  }

  async #ask(
    action: string,
    options: CallOptions,
    run: () => Promise<Answer>,
  ): Promise<Answer | 'none' | 'never'> {
    try {
      return await callWithAction(action, formatS3Uri({ bucket: this.bucket }), options, run);
    } catch (error) {
      if (isMissing(error)) return 'none';
      if (isNotOffered(error)) return 'never';
      if (error instanceof BrigadeError && error.code === 'AccessDenied') return 'unknown';
      throw error;
    }
  }
}

/** There is no such setting: `OwnershipControlsNotFoundError`, `ObjectLockConfigurationNotFoundError`. */
function isMissing(error: unknown): boolean {
  return error instanceof BrigadeError && /NotFoundError$/.test(error.awsCode ?? '');
}

/** The service, one that speaks S3 in part, has no such thing. */
export function isNotOffered(error: unknown): boolean {
  return (
    error instanceof BrigadeError &&
    /^(NotImplemented|MethodNotAllowed|NotSupported|XNotImplemented)$/.test(error.awsCode ?? '')
  );
}
