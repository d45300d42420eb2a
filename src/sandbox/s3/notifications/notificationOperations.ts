import { authorize } from '../access/authorize.ts';
import { header } from '../../request.ts';
import type { RouteTable, S3Operation } from '../s3Call.ts';
import { findBucket, s3Arn, xmlAnswer } from '../s3Call.ts';
import { readXmlBody } from '../xmlBody.ts';
import { checkDestinations } from './checkDestinations.ts';
import { checkRules } from './checkRules.ts';
import { NOTIFICATIONS, parseNotifications, renderNotifications } from './notificationXml.ts';

const SKIP = 'x-amz-skip-destination-validation';

const getNotifications: S3Operation = (context, { bucket: name, caller }) => {
  const bucket = findBucket(context, name);
  authorize(context, caller, 's3:GetBucketNotification', s3Arn(name));
  const configuration = context.s3.notifications.find(bucket.id);
  return xmlAnswer(
    'NotificationConfiguration',
    ...(configuration ? renderNotifications(configuration) : []),
  );
};

const putNotifications: S3Operation = async (context, call) => {
  findBucket(context, call.bucket);
  authorize(context, call.caller, 's3:PutBucketNotification', s3Arn(call.bucket));
  const configuration = parseNotifications(
    await readXmlBody(call, 'NotificationConfiguration', NOTIFICATIONS),
  );
  // The bucket may have gone while the body came in.
  const bucket = findBucket(context, call.bucket);
  checkRules(configuration.rules, bucket.region);
  if (header(call.request, SKIP)?.toLowerCase() !== 'true') {
    checkDestinations(context, bucket, configuration.rules);
  }
  context.s3.notifications.put(bucket.id, configuration);
  return { status: 200 };
};

export const NOTIFICATION_OPERATIONS: RouteTable = {
  'GET bucket notification': ['GetBucketNotificationConfiguration', getNotifications],
  'PUT bucket notification': ['PutBucketNotificationConfiguration', putNotifications],
};
