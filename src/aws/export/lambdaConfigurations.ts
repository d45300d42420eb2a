import type { LambdaFunctionConfiguration } from '@aws-sdk/client-s3';
import type { BucketNotification } from '../notifications/notification.ts';
import { withNotification } from '../notifications/notificationConfiguration.ts';

/** Entries as S3 takes them. */
export function lambdaConfigurations(
  entries: readonly BucketNotification[],
): LambdaFunctionConfiguration[] {
  return entries.reduce(withNotification, {}).LambdaFunctionConfigurations ?? [];
}
