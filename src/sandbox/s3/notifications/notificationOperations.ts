import { authorize } from '../../iam/authorize.ts';
import { header } from '../../request.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import { readXmlBody } from '../xmlBody.ts';
import { checkDestinations } from './checkDestinations.ts';
import { checkRules } from './checkRules.ts';
import { parseNotifications, renderNotifications } from './notificationXml.ts';

const SKIP = 'x-amz-skip-destination-validation';

const getNotifications: S3Operation = (services, { bucket: name, caller }) => {
  const bucket = findBucket(services, name);
  authorize(services, caller, 's3:GetBucketNotification', s3Arn(name));
  const configuration = services.s3.notifications.find(bucket.id);
  return xmlAnswer(
    'NotificationConfiguration',
    ...(configuration ? renderNotifications(configuration) : []),
  );
};

const putNotifications: S3Operation = async (services, call) => {
  findBucket(services, call.bucket);
  authorize(services, call.caller, 's3:PutBucketNotification', s3Arn(call.bucket));
  const configuration = parseNotifications(await readXmlBody(call, 'NotificationConfiguration'));
  // The bucket may have gone while the body came in.
  const bucket = findBucket(services, call.bucket);
  checkRules(configuration.rules, bucket.region);
  if (header(call.request, SKIP)?.toLowerCase() !== 'true') {
    checkDestinations(services, bucket, configuration.rules);
  }
  services.s3.notifications.put(bucket.id, configuration);
  return { status: 200 };
};

export const NOTIFICATION_OPERATIONS: RouteTable = {
  'GET bucket notification': ['GetBucketNotificationConfiguration', getNotifications],
  'PUT bucket notification': ['PutBucketNotificationConfiguration', putNotifications],
};
