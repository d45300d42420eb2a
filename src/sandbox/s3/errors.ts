import { AwsError } from '../errors.ts';

export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', {
    BucketName: bucket,
  });
}

export function noSuchKey(key: string, headers: Record<string, string> = {}): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key }, headers);
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', {
    Key: key,
    VersionId: versionId,
  });
}

export function noSuchUpload(uploadId: string): AwsError {
  return new AwsError(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );
}

export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', 400, message);
}

/**
 * S3's answer to a standard header that it does not take.
 * @param more why, where S3 says it
 */
export function headerNotImplemented(header: string, more?: string): AwsError {
  return new AwsError(
    'NotImplemented',
    501,
    'A header you provided implies functionality that is not implemented',
    { Header: header, ...(more === undefined ? {} : { additionalMessage: more }) },
  );
}

/** A conditional write whose object was written while the upload was under way. */
export function conditionalRequestConflict(condition: string, key: string): AwsError {
  return new AwsError(
    'ConditionalRequestConflict',
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition: condition, Key: key },
  );
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    412,
    'At least one of the pre-conditions you specified did not hold',
    { Condition: condition },
  );
}

export function methodNotAllowed(
  method: string,
  resourceType: string,
  headers: Record<string, string> = {},
): AwsError {
  return new AwsError(
    'MethodNotAllowed',
    405,
    'The specified method is not allowed against this resource.',
    { Method: method, ResourceType: resourceType },
    headers,
  );
}
