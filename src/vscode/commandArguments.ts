import { l10n } from 'vscode';
import { JOB_STATUSES } from '../aws/batchJobs/jobStatus.ts';
import { isBucketName, MAX_KEY_BYTES } from '../aws/s3Uri.ts';
import type {
  BucketTarget,
  ChangedObjects,
  CommandId,
  Commands,
  ConnectionTarget,
  DocumentUri,
  FilterArguments,
  FunctionLogsArguments,
  JobTarget,
  AffectedByJob,
  KeyFile,
  ManifestCorrections,
  MetricsTarget,
  NotificationTarget,
  NotifiedFunction,
  ObjectLocation,
  ObjectTag,
  S3Location,
  TagLocation,
  TransferTarget,
  VersionLocation,
} from '../commands.ts';
import {
  each,
  either,
  listOf,
  nothing,
  one,
  plainValue,
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

/** `Session.key`: whose it is. */
const session = anyText;
const location = shape<S3Location>(['bucket'], { bucket, key, session });
const filtered = shape<FilterArguments>(['bucket'], { bucket, key, session, beginsWith: anyText });
const corrections = shape<ManifestCorrections>(['bucket'], {
  bucket,
  key,
  session,
  corrections: listOf(anyText),
});
const onBucket = shape<BucketTarget>(['bucket'], { bucket, session });
const tag = shape<ObjectTag>(['key', 'value'], { key: anyText, value: anyText });
const tagLocation = shape<TagLocation>(['bucket', 'key', 'tag'], { bucket, key, tag, session });
const versionLocation = shape<VersionLocation>(['bucket', 'key', 'versionId'], {
  ...{ bucket, key, session },
  versionId: anyText,
});
const notificationTarget = shape<NotificationTarget>(['bucket'], {
  bucket,
  session,
  notificationId: anyText,
  notificationIds: listOf(anyText),
});
const destination = shape<NotifiedFunction>(['destinationArn'], {
  destinationArn: arn,
  session,
});
const jobTarget = shape<JobTarget>(['jobId'], { jobId, region, session });
const keyFile = shape<KeyFile>(['scheme', 'path'], { scheme: anyText, path: anyText, session });
const documentUri = shape<DocumentUri>(['scheme', 'path'], { scheme: anyText, path: anyText });
const changedObjects = shape<ChangedObjects>(['bucket', 'keys'], {
  bucket,
  keys: listOf(key),
  session,
});
const objectLocation = shape<ObjectLocation>(['bucket', 'key'], { bucket, key, session });
const jobTraces = shape<AffectedByJob>(['tags'], {
  session,
  tags: (given, name) => {
    text(
      () => l10n.t('“{0}”', 'of any object'),
      tags => tags === 'of any object',
    )(given, name);
    return 'of any object';
  },
  report: objectLocation,
});
const functionLogs = shape<FunctionLogsArguments>([], {
  functionName,
  session,
  region,
  span: shape(['start', 'end'], { start: positive, end: positive }),
  bucket,
  requestId: anyText,
});
const metricsTarget = shape<MetricsTarget>(['functionName'], {
  functionName,
  session,
  region,
  last: positive,
});

const connectionTarget = shape<ConnectionTarget>(['connectionId'], { connectionId });
const connection = row(['connection'], connectionTarget);
const place = row(['bucket', 'prefix', 'object'], location, 'row');
const folder = row(['bucket', 'prefix'], location, 'row');
const object = row(['object'], location, 'row');
const prefixOrObject = row(['prefix', 'object'], location, 'row');
const bucketOrObject = row(['bucket', 'object'], location, 'row');
const bucketRow = row(['bucket'], onBucket);
const notifying = row(['bucket', 'notifications', 'eventBridge'], location);
const notification = row(
  ['bucket', 'notifications', 'eventBridge', 'notification'],
  notificationTarget,
);
const job = row(['job'], jobTarget);
const jobOrReport = row(['job', 'object'], either(jobTarget, objectLocation));
const tagRow = row(['tag'], tagLocation);

const transferTarget = shape<TransferTarget>(['transferId'], { transferId: anyText });
const onTransfers = each(row(['transfer', 'transferFailure'], transferTarget));
const version = row(['version'], versionLocation, 'row');
const onVersions = each(version);

const onJob = one(job);
const onJobs = each(job);
const onReport = one(jobOrReport);
const onDocument: ArgumentsReader<[document?: DocumentUri]> = ([given]) => {
  const document = resourceOr(documentUri, plainValue(documentUri))(given);
  return document === undefined ? [] : [document];
};
const onDeployment = one(resourceOr(documentUri, bucketRow));

/**
 * How each command reads what it is called with: a row of the right kind, a plain value of the right
 * shape, or nothing. A button of a view's title passes whatever row has the focus, so what only stands
 * there takes no rows at all. An entry that is missing or reads something else does not compile.
 */
export const COMMAND_ARGUMENTS: { readonly [Id in CommandId]: ArgumentsReader<Commands[Id]> } = {
  'bucketBrigade.connections.select': nothing,
  'bucketBrigade.connections.retry': one(plainValue(connectionId)),
  'bucketBrigade.connections.signIn': one(plainValue(connectionId)),
  'bucketBrigade.connections.show': one(connection),
  'bucketBrigade.connections.openAnother': nothing,
  'bucketBrigade.connections.close': one(connection),
  'bucketBrigade.connections.makeDefault': one(connection),
  'bucketBrigade.sandbox.start': nothing,
  'bucketBrigade.sandbox.stop': nothing,
  'bucketBrigade.sandbox.reset': nothing,
  'bucketBrigade.sandbox.copyEnvironment': nothing,
  'bucketBrigade.log.show': nothing,
  'bucketBrigade.explorer.refresh': one(
    plainValue(either(changedObjects, either(jobTraces, location))),
  ),
  'bucketBrigade.explorer.refreshRow': each(place),
  'bucketBrigade.explorer.addBucket': one(row(['connection'], either(anyText, connectionTarget))),
  'bucketBrigade.explorer.removeBucket': each(row(['bucket'], location)),
  'bucketBrigade.explorer.loadMore': one(
    row(['bucket', 'prefix', 'object', 'deleted', 'more'], location, 'row'),
  ),
  'bucketBrigade.explorer.reveal': one(plainValue(location)),
  'bucketBrigade.explorer.filter': one(row(['bucket', 'prefix', 'object'], filtered, 'row')),
  'bucketBrigade.explorer.clearFilter': each(row(['bucket', 'prefix'], location, 'row')),
  'bucketBrigade.explorer.loadAll': one(row(['bucket', 'prefix', 'more'], location, 'row')),
  'bucketBrigade.find.start': each(place),
  'bucketBrigade.find.change': nothing,
  'bucketBrigade.find.again': nothing,
  'bucketBrigade.find.stop': nothing,
  'bucketBrigade.find.clear': nothing,
  'bucketBrigade.find.loadMore': nothing,
  'bucketBrigade.find.createManifest': nothing,
  'bucketBrigade.find.save': nothing,
  'bucketBrigade.find.reveal': one(object),
  'bucketBrigade.explorer.sortByS3': nothing,
  'bucketBrigade.explorer.sortByName': nothing,
  'bucketBrigade.explorer.sortBySize': nothing,
  'bucketBrigade.explorer.sortByModified': nothing,
  'bucketBrigade.explorer.openObject': each(object),
  'bucketBrigade.explorer.preview': one(object),
  'bucketBrigade.explorer.showProperties': each(bucketOrObject),
  'bucketBrigade.explorer.openPart': one(object),
  'bucketBrigade.explorer.openAsFolder': one(folder),
  'bucketBrigade.explorer.editMetadata': each(object),
  'bucketBrigade.explorer.changeStorageClass': each(place),
  'bucketBrigade.explorer.upload': one(folder),
  'bucketBrigade.explorer.download': each(place),
  'bucketBrigade.explorer.deleteObject': each(
    row(['prefix', 'object', 'tag', 'version'], location, 'row'),
  ),
  'bucketBrigade.explorer.undoDelete': nothing,
  'bucketBrigade.explorer.newFolder': one(folder),
  'bucketBrigade.explorer.rename': one(prefixOrObject),
  'bucketBrigade.explorer.cut': each(prefixOrObject),
  'bucketBrigade.explorer.copy': each(place),
  'bucketBrigade.explorer.paste': one(place),
  'bucketBrigade.explorer.duplicate': each(prefixOrObject),
  'bucketBrigade.explorer.createBucket': nothing,
  'bucketBrigade.explorer.emptyBucket': one(row(['bucket'], location)),
  'bucketBrigade.explorer.deleteBucket': one(row(['bucket'], location)),
  'bucketBrigade.explorer.copyS3Uri': each(place),
  'bucketBrigade.explorer.copyUrl': each(place),
  'bucketBrigade.explorer.copyArn': each(place),
  'bucketBrigade.explorer.copyKey': each(place),
  'bucketBrigade.explorer.editTags': each(object),
  'bucketBrigade.explorer.addTag': each(object),
  'bucketBrigade.explorer.changeTag': one(tagRow),
  'bucketBrigade.explorer.removeTag': each(tagRow),
  'bucketBrigade.explorer.showUnfinishedUploads': one(row(['bucket'], location)),
  'bucketBrigade.explorer.syncToS3': one(resourceOr(documentUri, folder)),
  'bucketBrigade.explorer.syncFromS3': one(resourceOr(documentUri, folder)),
  'bucketBrigade.transfers.show': nothing,
  'bucketBrigade.transfers.pause': onTransfers,
  'bucketBrigade.transfers.resume': onTransfers,
  'bucketBrigade.transfers.cancel': onTransfers,
  'bucketBrigade.transfers.retryFailed': onTransfers,
  'bucketBrigade.transfers.reveal': onTransfers,
  'bucketBrigade.transfers.follow': onTransfers,
  '_bucketBrigade.transfers.uploadProgress': one(plainValue(objectLocation)),
  'bucketBrigade.transfers.clearFinished': nothing,
  'bucketBrigade.versions.show': each(place),
  'bucketBrigade.versions.hide': each(place),
  'bucketBrigade.versions.open': onVersions,
  'bucketBrigade.versions.compareWithCurrent': one(version),
  'bucketBrigade.versions.compareSelected': onVersions,
  'bucketBrigade.versions.restore': onVersions,
  'bucketBrigade.versions.undelete': each(row(['deleted', 'version'], location, 'row')),
  'bucketBrigade.versions.delete': onVersions,
  'bucketBrigade.versions.download': onVersions,
  'bucketBrigade.versions.copyId': onVersions,
  'bucketBrigade.versions.copyS3Uri': onVersions,
  'bucketBrigade.links.copyPresignedUrl': each(
    row(['object', 'version'], either(versionLocation, location), 'row'),
  ),
  'bucketBrigade.archive.restore': each(
    row(['bucket', 'prefix', 'object', 'version'], either(versionLocation, location), 'row'),
  ),
  'bucketBrigade.links.copyUploadUrl': one(folder),
  'bucketBrigade.links.openInConsole': one(
    row(['bucket', 'prefix', 'object', 'version'], either(versionLocation, location), 'row'),
  ),
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
  'bucketBrigade.jobs.create': each(place),
  'bucketBrigade.jobs.createTaggingJob': each(place),
  'bucketBrigade.jobs.createResizeJob': each(place),
  'bucketBrigade.jobs.createManifest': each(
    resourceOr(documentUri, row(['bucket', 'prefix', 'object'], either(keyFile, location), 'row')),
  ),
  'bucketBrigade.jobs.checkManifest': one(object),
  'bucketBrigade.jobs.correctManifest': one(row(['object'], corrections)),
  'bucketBrigade.jobs.changeTags': each(place),
  'bucketBrigade.jobs.undo': onReport,
  'bucketBrigade.jobs.openPage': onJob,
  'bucketBrigade.jobs.run': onJobs,
  'bucketBrigade.jobs.cancel': onJobs,
  'bucketBrigade.jobs.changePriority': onJobs,
  'bucketBrigade.jobs.clone': onJob,
  'bucketBrigade.jobs.cloneAsJson': onJob,
  'bucketBrigade.jobs.createFromJson': nothing,
  'bucketBrigade.jobs.createFromDocument': onDocument,
  'bucketBrigade.jobs.checkDocument': onDocument,
  'bucketBrigade.jobs.copyCliCommand': onJob,
  'bucketBrigade.jobs.openReport': onReport,
  'bucketBrigade.jobs.openReportCsv': onJob,
  'bucketBrigade.jobs.revealReport': onJob,
  'bucketBrigade.jobs.retryFailed': onJob,
  'bucketBrigade.jobs.revealManifest': onJob,
  'bucketBrigade.jobs.copyJobId': onJobs,
  'bucketBrigade.jobs.filter': one(plainValue(listOf(jobStatus))),
  'bucketBrigade.jobs.loadMore': one(connection),
  'bucketBrigade.jobs.refresh': nothing,
  'bucketBrigade.jobs.deployTagger': one(bucketRow),
  'bucketBrigade.jobs.removeTagger': nothing,
  'bucketBrigade.resize.deploy': one(bucketRow),
  'bucketBrigade.resize.remove': one(bucketRow),
  'bucketBrigade.resize.changeSettings': one(bucketRow),
  'bucketBrigade.resize.copyCliCommands': onDeployment,
  'bucketBrigade.resize.exportCloudFormation': onDeployment,
  'bucketBrigade.resize.exportTerraform': onDeployment,
  'bucketBrigade.resize.createFunction': one(object),
  'bucketBrigade.resize.resizeNow': one(object),
  'bucketBrigade.resize.followObject': each(object),
  'bucketBrigade.resize.followUploads': one(plainValue(changedObjects)),
  'bucketBrigade.resize.showLogs': one(row(['bucket'], functionLogs)),
  'bucketBrigade.resize.loadOlderLogs': onDocument,
  'bucketBrigade.resize.refreshLogs': onDocument,
  'bucketBrigade.metrics.show': one(
    row(['bucket', 'notifications', 'notification'], either(metricsTarget, notificationTarget)),
  ),
};

/**
 * Commands that change something on AWS as soon as they get their arguments. Called from a row, or after
 * the user has answered, that is the user's own doing; called with other arguments they ask first.
 */
export const IMMEDIATE_COMMANDS: ReadonlySet<CommandId> = new Set<CommandId>([
  'bucketBrigade.versions.restore',
  'bucketBrigade.notifications.enable',
  'bucketBrigade.notifications.turnOnEventBridge',
  'bucketBrigade.resize.resizeNow',
]);
