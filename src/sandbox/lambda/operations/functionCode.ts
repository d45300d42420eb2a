import { AwsError, isDiskFull } from '../../errors.ts';
import type { Input } from '../../input.ts';
import type { Principal } from '../../principal.ts';
import { REGION } from '../../region.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { invalidParameter } from './lambdaCall.ts';
import { Constraints } from './constraints.ts';
import { tooLarge, UNZIPPED_LIMIT } from '../unpackZip.ts';

/** Of a zip in a request, in bytes (Lambda quotas); a larger one goes through S3. */
const DIRECT_LIMIT = 52_428_800;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The fields that say where code is. */
export const CODE_FIELDS = ['ZipFile', 'S3Bucket', 'S3Key', 'S3ObjectVersion'];

/**
 * Stores the code that a request gives, in itself or in an object that the caller may read. It stays
 * until `code.release`.
 * @throws AwsError InvalidParameterValueException, AccessDeniedException,
 * RequestEntityTooLargeException, in Lambda's words
 */
export async function storeCode(
  context: LambdaContext,
  caller: Principal,
  input: Input,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const constraints = new Constraints(input);
  const zipFile = constraints.text('ZipFile');
  const bucket = constraints.text('S3Bucket', {
    least: 3,
    most: 63,
    pattern: /^[0-9A-Za-z.\-_]*(?<!\.)$/,
  });
  const key = constraints.text('S3Key', { least: 1, most: 1024 });
  const versionId = constraints.text('S3ObjectVersion', { least: 1, most: 1024 });
  constraints.check();
  if (zipFile !== undefined) {
    if (bucket !== undefined || key !== undefined) {
      throw invalidParameter(
        'Please do not provide other FunctionCode parameters when providing a ZipFile.',
      );
    }
    return context.lambda.code.add([decode(zipFile)]);
  }
  if (bucket === undefined || key === undefined) {
    throw invalidParameter('Please provide a source for function code.');
  }
  return context.lambda.code.add(readObject(context, caller, { bucket, key, versionId }));
}

function decode(text: string): Buffer {
  if (!BASE64.test(text)) {
    throw new AwsError('SerializationException', 400, 'ZipFile is not base64.');
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (bytes.length <= DIRECT_LIMIT) return bytes;
  throw new AwsError(
    'RequestEntityTooLargeException',
    413,
    `Zipped size must be smaller than ${DIRECT_LIMIT} bytes`,
  );
}

async function* readObject(
  context: LambdaContext,
  caller: Principal,
  address: { readonly bucket: string; readonly key: string; readonly versionId?: string },
): AsyncGenerator<Buffer> {
  const { body } = open(context, caller, address);
  if (Buffer.isBuffer(body)) yield body;
  else for await (const chunk of body) yield chunk as Buffer;
}

function open(
  context: LambdaContext,
  caller: Principal,
  address: { readonly bucket: string; readonly key: string; readonly versionId?: string },
) {
  try {
    const { region } = context.objects.bucket(address.bucket);
    if (region !== REGION) {
      throw new AwsError(
        'PermanentRedirect',
        301,
        `The bucket is in this region: ${region}. Please use this region to retry the request`,
      );
    }
    const opened = context.objects.read(caller, address);
    // A zip that is larger than this can hold no smaller code.
    if (opened.object.size > UNZIPPED_LIMIT) throw tooLarge();
    return opened;
  } catch (error) {
    throw isDiskFull(error) ? error : s3Failure(error);
  }
}

function s3Failure(error: unknown): unknown {
  if (!(error instanceof AwsError) || error.code.endsWith('Exception')) return error;
  const reason = `S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
  if (error.code === 'AccessDenied') {
    return new AwsError(
      'AccessDeniedException',
      403,
      `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for the code object. ${reason}`,
    );
  }
  return invalidParameter(`Error occurred while GetObject. ${reason}`);
}
