import { AwsError } from '../../errors.ts';
import { textElement } from '../../xml.ts';
import { invalidRequest } from '../errors.ts';
import { permitted } from '../permitted.ts';
import { authorize } from '../access/authorize.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';

// What can't be configured here is as on a bucket where nobody configured it. The SDKs' waiters and
// clean-ups ask for it. Codes and messages are recorded from AWS (LocalStack's suite).

/** Reads what is never there. */
function absent(action: string, code: string, message: string): S3Operation {
  return (context, call) => {
    permitted(context, call, action);
    throw new AwsError(code, 404, message, { BucketName: call.bucket });
  };
}

/** Reads a configuration that a bucket always has. */
function standing(action: string, root: string, ...children: readonly string[]): S3Operation {
  return (context, call) => {
    permitted(context, call, action);
    return xmlAnswer(root, ...children);
  };
}

/** Deletes what is not there, which AWS calls a success. */
function deletion(action: string): S3Operation {
  return (context, call) => {
    permitted(context, call, action);
    return { status: 204 };
  };
}

function noSuchConfiguration(): AwsError {
  return new AwsError('NoSuchConfiguration', 404, 'The specified configuration does not exist.');
}

/** Lists configurations, of which there are none, or reads one of them. */
function numbered(action: string, root: string): S3Operation {
  return (context, call) => {
    permitted(context, call, action);
    if (call.request.query.has('id')) throw noSuchConfiguration();
    return xmlAnswer(root, textElement('IsTruncated', false));
  };
}

function numberedDeletion(action: string): S3Operation {
  return (context, call) => {
    permitted(context, call, action);
    throw noSuchConfiguration();
  };
}

/** Object Lock of an object in a bucket that has none. */
function unlocked(action: string): S3Operation {
  return (context, call) => {
    findBucket(context, call.bucket);
    authorize(context, call.caller, action, s3Arn(call.bucket, call.key));
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  };
}

export const UNCONFIGURED_OPERATIONS: RouteTable = {
  'GET bucket object-lock': [
    'GetObjectLockConfiguration',
    absent(
      's3:GetBucketObjectLockConfiguration',
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ),
  ],
  'GET bucket lifecycle': [
    'GetBucketLifecycleConfiguration',
    absent(
      's3:GetLifecycleConfiguration',
      'NoSuchLifecycleConfiguration',
      'The lifecycle configuration does not exist',
    ),
  ],
  'GET bucket cors': [
    'GetBucketCors',
    absent('s3:GetBucketCORS', 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  ],
  'GET bucket website': [
    'GetBucketWebsite',
    absent(
      's3:GetBucketWebsite',
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),
  ],
  'GET bucket replication': [
    'GetBucketReplication',
    absent(
      's3:GetReplicationConfiguration',
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),
  ],
  'DELETE bucket lifecycle': ['DeleteBucketLifecycle', deletion('s3:PutLifecycleConfiguration')],
  'DELETE bucket cors': ['DeleteBucketCors', deletion('s3:PutBucketCORS')],
  'DELETE bucket website': ['DeleteBucketWebsite', deletion('s3:DeleteBucketWebsite')],
  'DELETE bucket replication': [
    'DeleteBucketReplication',
    deletion('s3:PutReplicationConfiguration'),
  ],
  'GET bucket logging': [
    'GetBucketLogging',
    standing('s3:GetBucketLogging', 'BucketLoggingStatus'),
  ],
  'GET bucket accelerate': [
    'GetBucketAccelerateConfiguration',
    standing('s3:GetAccelerateConfiguration', 'AccelerateConfiguration'),
  ],
  'GET bucket requestPayment': [
    'GetBucketRequestPayment',
    standing(
      's3:GetBucketRequestPayment',
      'RequestPaymentConfiguration',
      textElement('Payer', 'BucketOwner'),
    ),
  ],
  'GET bucket abac': [
    'GetBucketAbac',
    standing('s3:GetBucketAbac', 'AbacStatus', textElement('Status', 'Disabled')),
  ],
  'GET bucket inventory': [
    'ListBucketInventoryConfigurations',
    numbered('s3:GetInventoryConfiguration', 'ListInventoryConfigurationsResult'),
  ],
  'GET bucket analytics': [
    'ListBucketAnalyticsConfigurations',
    numbered('s3:GetAnalyticsConfiguration', 'ListBucketAnalyticsConfigurationResult'),
  ],
  'GET bucket metrics': [
    'ListBucketMetricsConfigurations',
    numbered('s3:GetMetricsConfiguration', 'ListMetricsConfigurationsResult'),
  ],
  'GET bucket intelligent-tiering': [
    'ListBucketIntelligentTieringConfigurations',
    numbered(
      's3:GetIntelligentTieringConfiguration',
      'ListBucketIntelligentTieringConfigurationsOutput',
    ),
  ],
  'DELETE bucket inventory': [
    'DeleteBucketInventoryConfiguration',
    numberedDeletion('s3:PutInventoryConfiguration'),
  ],
  'DELETE bucket analytics': [
    'DeleteBucketAnalyticsConfiguration',
    numberedDeletion('s3:PutAnalyticsConfiguration'),
  ],
  'DELETE bucket metrics': [
    'DeleteBucketMetricsConfiguration',
    numberedDeletion('s3:PutMetricsConfiguration'),
  ],
  'DELETE bucket intelligent-tiering': [
    'DeleteBucketIntelligentTieringConfiguration',
    numberedDeletion('s3:PutIntelligentTieringConfiguration'),
  ],
  'GET object retention': ['GetObjectRetention', unlocked('s3:GetObjectRetention')],
  'PUT object retention': ['PutObjectRetention', unlocked('s3:PutObjectRetention')],
  'GET object legal-hold': ['GetObjectLegalHold', unlocked('s3:GetObjectLegalHold')],
  'PUT object legal-hold': ['PutObjectLegalHold', unlocked('s3:PutObjectLegalHold')],
};
