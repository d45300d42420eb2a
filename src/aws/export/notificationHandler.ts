/**
 * The code of the template's custom resource, which CloudFormation calls when the stack is created,
 * updated and deleted (AWS CloudFormation user guide, "Custom resource request objects"). CloudFormation
 * itself can only replace all notifications of a bucket, and of a bucket that it made. This adds the
 * stack's entries to what is there, and takes away its own alone: those with its ids that lead to its
 * function. The runtime of Node.js brings the SDK.
 */
export const NOTIFICATION_HANDLER = `const s3 = require('@aws-sdk/client-s3');
const client = new s3.S3Client();

const read = async Bucket => {
  const command = new s3.GetBucketNotificationConfigurationCommand({ Bucket });
  const { $metadata, ...all } = await client.send(command);
  return all;
};
const isOf = (props, entry) =>
  (props?.Entries ?? []).some(
    own => own.Id === entry.Id && own.LambdaFunctionArn === entry.LambdaFunctionArn,
  );
const change = async ({ RequestType, ResourceProperties: now, OldResourceProperties: old }) => {
  const all = await read(now.Bucket);
  const wanted = RequestType === 'Delete' ? [] : now.Entries;
  const others = (all.LambdaFunctionConfigurations ?? []).filter(
    entry => !isOf(now, entry) && !(old?.Bucket === now.Bucket && isOf(old, entry)),
  );
  const taken = wanted.find(own => others.some(entry => entry.Id === own.Id));
  if (taken) throw new Error(now.Bucket + ' has another notification ' + taken.Id);
  await client.send(
    new s3.PutBucketNotificationConfigurationCommand({
      Bucket: now.Bucket,
      NotificationConfiguration: { ...all, LambdaFunctionConfigurations: [...others, ...wanted] },
      // What only removes must not fail because a destination of others is gone.
      SkipDestinationValidation: RequestType === 'Delete',
    }),
  );
};
const changeSoon = async event => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await change(event);
    } catch (error) {
      if (event.RequestType === 'Delete' && error.name === 'NoSuchBucket') return;
      // S3 sees a new permission some seconds later.
      if (tries === 5 || !/validate the following|OperationAborted/.test(String(error))) throw error;
      await new Promise(resolve => setTimeout(resolve, 2000 * tries));
    }
  }
};
exports.handler = async event => {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  const answer = {
    ...{ StackId, RequestId, LogicalResourceId, Status: 'SUCCESS' },
    PhysicalResourceId: 'notifications-of-' + ResourceProperties.Bucket,
  };
  try {
    await changeSoon(event);
  } catch (error) {
    Object.assign(answer, { Status: 'FAILED', Reason: String(error) });
  }
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};
`;
