import {
  GetObjectCommand,
  PutObjectCommand,
  type GetObjectCommandInput,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { call } from '../call.ts';
import { formatS3Uri } from '../s3Uri.ts';

/** The longest that S3 takes, in seconds (Amazon S3 API reference, "Authenticating requests: query parameters"). */
export const MAX_EXPIRY = 7 * 24 * 3600;

export interface ObjectToSign {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * A URL by which whoever has it can read an object, or a version of it, until it expires. Nothing is
 * sent: nobody has looked whether there is such an object, or whether the signer may read it.
 *
 * @param expiresIn seconds, at most `MAX_EXPIRY`
 * @throws BrigadeError where there are no credentials
 */
export async function presignGet(
  client: S3Client,
  { bucket, key, versionId }: ObjectToSign,
  expiresIn: number,
): Promise<string> {
  const input: GetObjectCommandInput = { Bucket: bucket, Key: key, VersionId: versionId };
  const command = withoutBodyHeaders(new GetObjectCommand(input));
  return await call(formatS3Uri({ bucket, key }), {}, () =>
    getSignedUrl(client, command, { expiresIn }),
  );
}

/**
 * A URL by which whoever has it can write an object, over what is there, until it expires.
 *
 * @param contentType then every upload has to send that very header: it is signed
 * @throws as presignGet
 */
export async function presignPut(
  client: S3Client,
  { bucket, key, contentType }: ObjectToSign & { readonly contentType?: string },
  expiresIn: number,
): Promise<string> {
  const input: PutObjectCommandInput = { Bucket: bucket, Key: key, ContentType: contentType };
  const command = withoutBodyHeaders(new PutObjectCommand(input));
  const signableHeaders = new Set(contentType === undefined ? [] : ['content-type']);
  return await call(formatS3Uri({ bucket, key }), {}, () =>
    getSignedUrl(client, command, { expiresIn, signableHeaders }),
  );
}

/** What the SDK adds of its own about a body: it knows none, and would sign the checksum of nothing. */
const OF_A_BODY = /^(x-amz-checksum-|x-amz-sdk-|content-md5$|content-length$|x-amz-decoded-)/;

function withoutBodyHeaders<T extends GetObjectCommand | PutObjectCommand>(command: T): T {
  // All commands take the same middleware: it sees the request, not the input.
  const stack = command.middlewareStack as GetObjectCommand['middlewareStack'];
  stack.add(
    next => args => {
      const request = args.request as { headers: Record<string, string> };
      request.headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !OF_A_BODY.test(name.toLowerCase())),
      );
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'signNoBody' },
  );
  return command;
}
