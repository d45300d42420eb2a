import { BrigadeError } from '../errors.ts';

/** AWS's names of the services, by the namespaces of the SDK's models. */
const NAMES: Readonly<Record<string, string>> = {
  'com.amazonaws.s3control': 'S3 Batch Operations',
  'com.amazonaws.lambda': 'AWS Lambda',
  'com.amazonaws.iam': 'IAM',
  'com.amazonaws.sts': 'AWS STS',
  'com.amazonaws.cloudwatch': 'Amazon CloudWatch',
  'com.amazonaws.cloudwatchlogs': 'CloudWatch Logs',
  'com.amazonaws.cloudtrail': 'AWS CloudTrail',
};

/** @param namespace of the service that a server at `host` lacks */
export function noService(host: string, namespace: string): BrigadeError {
  const service = NAMES[namespace] ?? namespace;
  return new BrigadeError('NoService', `${host} has no ${service}`, { subject: host, service });
}
