import { l10n } from 'vscode';
import { JOB_STATUSES } from '../aws/batchJobs/jobStatus.ts';
import { isBucketName, MAX_KEY_BYTES } from '../aws/s3Uri.ts';
import type {
  ChangedObjects,
  CommandId,
  Commands,
  DocumentUri,
  FunctionLogsArguments,
  JobTarget,
  JobTraces,
  MetricsTarget,
  NotificationTarget,
  ObjectTag,
  S3Location,
  TagLocation,
} from '../commands.ts';
import {
  each,
  either,
  listOf,
  nothing,
  one,
  plain,
  positive,
  resourceOr,
  row,
  shape,
  text,
  type ArgumentsReader,
} from './argumentReaders.ts';

const anyText = text(
  () => l10n.t('text'),
  () => true,
);
const bucket = text(() => l10n.t('the name of a bucket'), isBucketName);
const key = text(
  () => l10n.t('a key of up to 1,024 bytes'),
  given => Buffer.byteLength(given) <= MAX_KEY_BYTES,
);
const jobId = text(
  () => l10n.t('the ID of a job'),
  given => /^[\w-]{1,64}$/.test(given),
);
const jobStatus = text(
  () => l10n.t('the status of a job'),
  given => JOB_STATUSES.some(status => status === given),
);
const region = text(
  () => l10n.t('the name of a Region'),
  given => /^[a-z0-9-]{1,64}$/i.test(given),
);
const functionName = text(
  () => l10n.t('the name or ARN of a function'),
  given => /^[\w:$-]{1,256}$/.test(given),
);
const arn = text(
  () => l10n.t('an ARN'),
  given => /^arn:[^\s:]+:[\x21-\x7e]{1,1500}$/.test(given),
);

const connectionId = text(
  () => l10n.t('a connection'),
  given => /^(sandbox|environment|profile:.+)$/.test(given),
);

const location = shape<S3Location>(['bucket'], { bucket, key });
const onBucket = shape<{ readonly bucket: string }>(['bucket'], { bucket });
const tag = shape<ObjectTag>(['key', 'value'], { key: anyText, value: anyText });
const tagLocation = shape<TagLocation>(['bucket', 'key', 'tag'], { bucket, key, tag });
const notificationTarget = shape<NotificationTarget>(['bucket'], {
  bucket,
  notificationId: anyText,
  notificationIds: listOf(anyText),
});
const destination = shape<{ readonly destinationArn: string }>(['destinationArn'], {
  destinationArn: arn,
});
const jobTarget = shape<JobTarget>(['jobId'], { jobId, region, session: anyText });
const documentUri = shape<DocumentUri>(['scheme', 'path'], { scheme: anyText, path: anyText });
const changedObjects = shape<ChangedObjects>(['bucket', 'keys'], { bucket, keys: listOf(key) });
const jobTraces = shape<JobTraces>(['tags'], {
  tags: (given, name) => {
    text(
      () => l10n.t('“{0}”', 'of any object'),
      tags => tags === 'of any object',
    )(given, name);
    return 'of any object';
  },
  report: shape<Required<S3Location>>(['bucket', 'key'], { bucket, key }),
});
const functionLogs = shape<FunctionLogsArguments>([], {
  functionName,
  region,
  span: shape(['start', 'end'], { start: positive, end: positive }),
  bucket,
  requestId: anyText,
});
const metricsTarget = shape<MetricsTarget>(['functionName'], {
  functionName,
  region,
  last: positive,
});

const place = row(['bucket', 'prefix', 'object'], location, 'row');
const folder = row(['bucket', 'prefix'], location, 'row');
const object = row(['object'], location, 'row');
const bucketRow = row(['bucket'], onBucket);
const notifying = row(['bucket', 'notifications', 'eventBridge'], location);
const notification = row(
  ['bucket', 'notifications', 'eventBridge', 'notification'],
  notificationTarget,
);
const job = row(['job'], jobTarget);
const jobOrReport = resourceOr(documentUri, job);
const tagRow = row(['tag'], tagLocation);

const onJob = one(job);
const onJobs = each(job);
const onReport = one(jobOrReport);
const onDocument: ArgumentsReader<[document?: DocumentUri]> = ([given]) => {
  const document = resourceOr(documentUri, plain(documentUri))(given);
  return document === undefined ? [] : [document];
};

/**
 * How each command reads what it is called with: a row of the right kind, a plain value of the right
 * shape, or nothing. A button of a view's title passes whatever row has the focus, so what only stands
 * there takes no rows at all. An entry that is missing or reads something else does not compile.
 */
export const COMMAND_ARGUMENTS: { readonly [Id in CommandId]: ArgumentsReader<Commands[Id]> } = {
  'bucketBrigade.connections.select': nothing,
  'bucketBrigade.connections.retry': nothing,
  'bucketBrigade.connections.signIn': one(plain(connectionId)),
  'bucketBrigade.connections.show': nothing,
  'bucketBrigade.sandbox.start': nothing,
  'bucketBrigade.sandbox.stop': nothing,
  'bucketBrigade.sandbox.reset': nothing,
  'bucketBrigade.sandbox.copyEnvironment': nothing,
  'bucketBrigade.log.show': nothing,
  'bucketBrigade.explorer.refresh': one(plain(either(changedObjects, either(jobTraces, location)))),
  'bucketBrigade.explorer.refreshRow': each(place),
  'bucketBrigade.explorer.addBucket': one(plain(anyText)),
  'bucketBrigade.explorer.removeBucket': each(row(['bucket'], location)),
  'bucketBrigade.explorer.loadMore': one(row(['bucket', 'prefix', 'more'], location, 'row')),
  'bucketBrigade.explorer.reveal': one(plain(location)),
  'bucketBrigade.explorer.openObject': each(object),
  'bucketBrigade.explorer.upload': one(folder),
  'bucketBrigade.explorer.download': each(place),
  'bucketBrigade.explorer.deleteObject': each(row(['prefix', 'object', 'tag'], location, 'row')),
  'bucketBrigade.explorer.copyS3Uri': each(place),
  'bucketBrigade.explorer.copyUrl': each(place),
  'bucketBrigade.explorer.copyArn': each(place),
  'bucketBrigade.explorer.copyKey': each(place),
  'bucketBrigade.explorer.editTags': each(object),
  'bucketBrigade.explorer.addTag': each(object),
  'bucketBrigade.explorer.changeTag': one(tagRow),
  'bucketBrigade.explorer.removeTag': each(tagRow),
  'bucketBrigade.notifications.add': one(
    row(['bucket', 'notifications', 'eventBridge'], either(destination, location)),
  ),
  'bucketBrigade.notifications.edit': one(notification),
  'bucketBrigade.notifications.remove': one(notification),
  'bucketBrigade.notifications.enable': one(notification),
  'bucketBrigade.notifications.disable': one(notification),
  'bucketBrigade.notifications.turnOnEventBridge': one(notifying),
  'bucketBrigade.notifications.turnOffEventBridge': one(notifying),
  'bucketBrigade.notifications.refresh': one(notifying),
  'bucketBrigade.jobs.createTaggingJob': one(place),
  'bucketBrigade.jobs.createResizeJob': one(place),
  'bucketBrigade.jobs.run': onJobs,
  'bucketBrigade.jobs.cancel': onJobs,
  'bucketBrigade.jobs.changePriority': onJobs,
  'bucketBrigade.jobs.clone': onJob,
  'bucketBrigade.jobs.openReport': onReport,
  'bucketBrigade.jobs.openReportCsv': onReport,
  'bucketBrigade.jobs.revealReport': onReport,
  'bucketBrigade.jobs.revealManifest': onJob,
  'bucketBrigade.jobs.copyJobId': onJobs,
  'bucketBrigade.jobs.filter': one(plain(listOf(jobStatus))),
  'bucketBrigade.jobs.loadMore': nothing,
  'bucketBrigade.jobs.refresh': nothing,
  'bucketBrigade.resize.deploy': one(bucketRow),
  'bucketBrigade.resize.remove': one(bucketRow),
  'bucketBrigade.resize.changeSettings': one(bucketRow),
  'bucketBrigade.resize.createFunction': one(object),
  'bucketBrigade.resize.resizeNow': one(object),
  'bucketBrigade.resize.followUploads': one(plain(changedObjects)),
  'bucketBrigade.resize.showLogs': one(row(['bucket'], functionLogs)),
  'bucketBrigade.resize.loadOlderLogs': onDocument,
  'bucketBrigade.resize.refreshLogs': onDocument,
  'bucketBrigade.metrics.show': one(
    row(['bucket', 'notifications', 'notification'], either(metricsTarget, notificationTarget)),
  ),
};

/**
 * Commands that change something on AWS the moment they are given what they are about. From a row, or
 * with what they ask for, that is a person's own doing; called with anything else they ask first.
 */
export const ACT_AT_ONCE: ReadonlySet<CommandId> = new Set<CommandId>([
  'bucketBrigade.notifications.enable',
  'bucketBrigade.notifications.turnOnEventBridge',
  'bucketBrigade.resize.resizeNow',
]);
