import { createHash } from 'node:crypto';
import { AwsError, notImplemented } from '../errors.ts';
import { header } from '../request.ts';
import { invalidRequest } from './errors.ts';
import type { S3Call } from './s3Call.ts';

const ENCRYPTION = 'x-amz-server-side-encryption';
const ON_TARGET = `${ENCRYPTION}-customer-`;
const ON_SOURCE = `x-amz-copy-source-server-side-encryption-customer-`;
const KEY_BYTES = 32;
const WITH_CUSTOMER_KEY =
  'Requests specifying Server Side Encryption with Customer provided keys must provide';

/**
 * Refuses keys of the client, of which the sandbox keeps none: in S3's words, as recorded, where the
 * headers aren't complete or don't fit each other, or where no object has such a key.
 * @param name the operation, for the error
 * @throws AwsError InvalidArgument, InvalidEncryptionAlgorithmError, InvalidRequest, NotImplemented.
 */
export function checkClientKeys(call: S3Call, name: string): void {
  if (checkKey(call, ON_SOURCE)) throw notImplemented(`${name} with ${ON_SOURCE}algorithm`);
  if (!checkKey(call, ON_TARGET)) return;
  const { method } = call.request;
  if (method === 'PUT' || method === 'POST') {
    throw notImplemented(`${name} with ${ON_TARGET}algorithm`);
  }
  throw invalidRequest('The encryption parameters are not applicable to this object.');
}

/** Whether there is a key; it is a good one then. */
function checkKey({ request }: S3Call, prefix: string): boolean {
  const [algorithm, key, md5] = ['algorithm', 'key', 'key-md5'].map(each =>
    header(request, prefix + each),
  );
  if (algorithm === undefined && key === undefined && md5 === undefined) return false;
  const method = prefix === ON_TARGET ? header(request, ENCRYPTION) : undefined;
  if (method !== undefined) {
    throw invalid(
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
      method,
    );
  }
  if (algorithm === undefined) throw invalid(`${WITH_CUSTOMER_KEY} a valid encryption algorithm.`);
  if (algorithm !== 'AES256') throw invalidAlgorithm(algorithm);
  if (key === undefined) throw invalid(`${WITH_CUSTOMER_KEY} an appropriate secret key.`);
  const bytes = Buffer.from(key, 'base64');
  if (md5 === undefined || bytes.length !== KEY_BYTES) {
    throw invalid('The secret key was invalid for the specified algorithm.');
  }
  if (createHash('md5').update(bytes).digest('base64') !== md5) {
    throw invalid('The calculated MD5 hash of the key did not match the hash that was provided.');
  }
  return true;
}

function invalid(message: string, value?: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, {
    ArgumentName: ENCRYPTION,
    ...(value === undefined ? {} : { ArgumentValue: value }),
  });
}

function invalidAlgorithm(value: string): AwsError {
  return new AwsError(
    'InvalidEncryptionAlgorithmError',
    400,
    'The Encryption request you specified is not valid. Supported value: AES256.',
    { ArgumentName: ENCRYPTION, ArgumentValue: value },
  );
}
