import type { ObjectFilter } from './aws/selection/selection.ts';
import type {
  AddNotificationArguments,
  AffectedByJob,
  BucketTarget,
  ChangeResizeSettingsArguments,
  ChangedObjects,
  ConnectionTarget,
  CopyArguments,
  CreateFunctionArguments,
  CreateResizeJobArguments,
  CreateTaggingJobArguments,
  DeployResizeArguments,
  DeployTaggerArguments,
  DocumentUri,
  EditNotificationArguments,
  FilterArguments,
  FolderArguments,
  FunctionLogsArguments,
  JobTarget,
  KeyFile,
  ManifestCorrections,
  MetricsTarget,
  NotificationTarget,
  NotifiedFunction,
  ObjectLocation,
  ObjectTag,
  RemoveNotificationArguments,
  RemoveResizeArguments,
  RemoveTaggerArguments,
  S3Location,
  TagLocation,
  TransferTarget,
  UploadArguments,
  VersionLocation,
} from './commandTargets.ts';

export type * from './commandTargets.ts';

/** Where a command begins; it asks for the rest, and before it acts. */
type On<T> = [target?: T];
/** The same for commands that act on all selected rows. */
type OnEach<T> = [target?: T, selection?: readonly T[]];

/** What one feature asks another. VS Code lists no command whose id begins with _ to anyone. */
interface Questions {
  /** How far the upload of an object is. */
  '_bucketBrigade.transfers.uploadProgress': [object?: ObjectLocation];
}

/**
 * Every command with what it may be called with, by anyone: VS Code, a keybinding, a link, another
 * extension. All of it may be absent, and none of it keeps a command from asking before it does what
 * can't be undone, costs money or sends files. `commandArguments.ts` reads each of them.
 *
 * A test holds this table against package.json.
 */
export interface Commands extends Questions {
  'bucketBrigade.connections.select': [];
  /** Of the default connection when no id is given. */
  'bucketBrigade.connections.retry': [connectionId?: string];
  /** Of the current connection, or of the one that a message was about. */
  'bucketBrigade.connections.signIn': [connectionId?: string];
  'bucketBrigade.connections.show': On<ConnectionTarget>;
  /** Opens a connection besides those that are open; which is asked for. */
  'bucketBrigade.connections.openAnother': [];
  'bucketBrigade.connections.close': On<ConnectionTarget>;
  'bucketBrigade.connections.makeDefault': On<ConnectionTarget>;
  'bucketBrigade.sandbox.start': [];
  'bucketBrigade.sandbox.stop': [];
  'bucketBrigade.sandbox.reset': [];
  'bucketBrigade.sandbox.copyEnvironment': [];
  'bucketBrigade.log.show': [];
  'bucketBrigade.explorer.refresh': On<S3Location | AffectedByJob | ChangedObjects>;
  /** The same on rows, where its title needs no “Buckets”. */
  'bucketBrigade.explorer.refreshRow': OnEach<S3Location>;
  /** Its name, or the connection whose it is. */
  'bucketBrigade.explorer.addBucket': On<string | ConnectionTarget>;
  'bucketBrigade.explorer.removeBucket': OnEach<S3Location>;
  'bucketBrigade.explorer.loadMore': On<S3Location>;
  'bucketBrigade.explorer.reveal': On<S3Location>;
  'bucketBrigade.explorer.filter': On<FilterArguments>;
  'bucketBrigade.explorer.clearFilter': OnEach<S3Location>;
  /** Resolves to how many entries are loaded then. */
  'bucketBrigade.explorer.loadAll': On<S3Location>;
  /** In buckets and prefixes. Resolves to how many objects were found. */
  'bucketBrigade.find.start': OnEach<S3Location>;
  'bucketBrigade.find.change': [];
  'bucketBrigade.find.again': [];
  'bucketBrigade.find.stop': [];
  'bucketBrigade.find.clear': [];
  'bucketBrigade.find.loadMore': [];
  'bucketBrigade.find.createManifest': [];
  'bucketBrigade.find.save': [];
  'bucketBrigade.find.reveal': On<S3Location>;
  'bucketBrigade.explorer.sortByS3': [];
  'bucketBrigade.explorer.sortByName': [];
  'bucketBrigade.explorer.sortBySize': [];
  'bucketBrigade.explorer.sortByModified': [];
  /** Resolves to the URI of the one object that was opened. */
  'bucketBrigade.explorer.openObject': OnEach<S3Location>;
  /** In an editor that gives way to the next, with the focus left in the view; other rows unfold. */
  'bucketBrigade.explorer.preview': On<S3Location>;
  /** Of objects and buckets, a page each. */
  'bucketBrigade.explorer.showProperties': OnEach<S3Location>;
  /** Of a text too large for an editor: its first part, any other, its end. */
  'bucketBrigade.explorer.openPart': On<S3Location>;
  /** A bucket or prefix beside the folders of the workspace. */
  'bucketBrigade.explorer.openAsFolder': On<S3Location>;
  /** Headers and user metadata. */
  'bucketBrigade.explorer.editMetadata': OnEach<S3Location>;
  /** Of objects, and of all below a prefix or in a bucket. */
  'bucketBrigade.explorer.changeStorageClass': OnEach<S3Location>;
  'bucketBrigade.explorer.upload': On<S3Location>;
  'bucketBrigade.explorer.download': OnEach<S3Location>;
  'bucketBrigade.explorer.deleteObject': OnEach<S3Location>;
  /** Of a delete of late in a bucket with versioning. */
  'bucketBrigade.explorer.undoDelete': [];
  'bucketBrigade.explorer.newFolder': On<S3Location>;
  'bucketBrigade.explorer.rename': On<S3Location>;
  'bucketBrigade.explorer.cut': OnEach<S3Location>;
  'bucketBrigade.explorer.copy': OnEach<S3Location>;
  'bucketBrigade.explorer.paste': On<S3Location>;
  'bucketBrigade.explorer.duplicate': OnEach<S3Location>;
  'bucketBrigade.explorer.createBucket': [];
  'bucketBrigade.explorer.emptyBucket': On<S3Location>;
  'bucketBrigade.explorer.deleteBucket': On<S3Location>;
  'bucketBrigade.explorer.copyS3Uri': OnEach<S3Location>;
  'bucketBrigade.explorer.copyUrl': OnEach<S3Location>;
  'bucketBrigade.explorer.copyArn': OnEach<S3Location>;
  'bucketBrigade.explorer.copyKey': OnEach<S3Location>;
  'bucketBrigade.explorer.editTags': OnEach<S3Location>;
  'bucketBrigade.explorer.addTag': OnEach<S3Location>;
  'bucketBrigade.explorer.changeTag': On<TagLocation>;
  'bucketBrigade.explorer.removeTag': OnEach<TagLocation>;
  'bucketBrigade.explorer.showUnfinishedUploads': On<S3Location>;
  /** Of a folder in VS Code's Explorer, or to a bucket or prefix. */
  'bucketBrigade.explorer.syncToS3': On<S3Location | DocumentUri>;
  'bucketBrigade.explorer.syncFromS3': On<S3Location | DocumentUri>;
  'bucketBrigade.transfers.show': [];
  'bucketBrigade.transfers.pause': OnEach<TransferTarget>;
  'bucketBrigade.transfers.resume': OnEach<TransferTarget>;
  'bucketBrigade.transfers.cancel': OnEach<TransferTarget>;
  'bucketBrigade.transfers.retryFailed': OnEach<TransferTarget>;
  'bucketBrigade.transfers.reveal': OnEach<TransferTarget>;
  /** Of uploads of one object: what happens to it. */
  'bucketBrigade.transfers.follow': OnEach<TransferTarget>;
  'bucketBrigade.transfers.clearFinished': [];
  /** Shows the versions and delete markers below rows; without any, of what is chosen. */
  'bucketBrigade.versions.show': OnEach<S3Location>;
  'bucketBrigade.versions.hide': OnEach<S3Location>;
  /** Opens versions to be read. */
  'bucketBrigade.versions.open': OnEach<VersionLocation>;
  'bucketBrigade.versions.compareWithCurrent': On<VersionLocation>;
  /** The two that are selected, the older one at the left. */
  'bucketBrigade.versions.compareSelected': OnEach<VersionLocation>;
  'bucketBrigade.versions.restore': OnEach<VersionLocation>;
  /** Of deleted objects, or of the delete markers that hide them. */
  'bucketBrigade.versions.undelete': OnEach<S3Location>;
  'bucketBrigade.versions.delete': OnEach<VersionLocation>;
  'bucketBrigade.versions.download': OnEach<VersionLocation>;
  'bucketBrigade.versions.copyId': OnEach<VersionLocation>;
  'bucketBrigade.versions.copyS3Uri': OnEach<VersionLocation>;
  /** Of objects and versions: URLs by which whoever has them can read these. */
  'bucketBrigade.links.copyPresignedUrl': OnEach<S3Location | VersionLocation>;
  /** Of a key in a bucket or prefix: a URL by which whoever has it can write it. */
  'bucketBrigade.links.copyUploadUrl': On<S3Location>;
  /** Of archived objects, versions, and all that is archived below buckets and prefixes. */
  'bucketBrigade.archive.restore': OnEach<S3Location | VersionLocation>;
  'bucketBrigade.links.openInConsole': On<S3Location | VersionLocation>;
  'bucketBrigade.notifications.add': On<S3Location | NotifiedFunction>;
  'bucketBrigade.notifications.edit': On<NotificationTarget>;
  'bucketBrigade.notifications.remove': On<NotificationTarget>;
  'bucketBrigade.notifications.enable': On<NotificationTarget>;
  'bucketBrigade.notifications.disable': On<NotificationTarget>;
  'bucketBrigade.notifications.turnOnEventBridge': On<S3Location>;
  'bucketBrigade.notifications.turnOffEventBridge': On<S3Location>;
  'bucketBrigade.notifications.refresh': On<S3Location>;
  'bucketBrigade.jobs.create': OnEach<S3Location>;
  'bucketBrigade.jobs.createTaggingJob': OnEach<S3Location>;
  'bucketBrigade.jobs.createResizeJob': OnEach<S3Location>;
  /** Of what is selected, or of the keys in a file on this computer. */
  'bucketBrigade.jobs.createManifest': OnEach<S3Location | KeyFile>;
  'bucketBrigade.jobs.checkManifest': On<S3Location>;
  'bucketBrigade.jobs.correctManifest': On<ManifestCorrections>;
  'bucketBrigade.jobs.changeTags': OnEach<S3Location>;
  /** A job, or the report whose manifest.json an object is. */
  'bucketBrigade.jobs.undo': On<JobTarget | ObjectLocation>;
  'bucketBrigade.jobs.openPage': On<JobTarget>;
  'bucketBrigade.jobs.run': OnEach<JobTarget>;
  'bucketBrigade.jobs.cancel': OnEach<JobTarget>;
  'bucketBrigade.jobs.changePriority': OnEach<JobTarget>;
  'bucketBrigade.jobs.clone': On<JobTarget>;
  'bucketBrigade.jobs.cloneAsJson': On<JobTarget>;
  'bucketBrigade.jobs.createFromJson': [];
  /** The document of that URI, or the one in front: what CreateJob takes, as `*.s3job.json`. */
  'bucketBrigade.jobs.createFromDocument': [document?: DocumentUri];
  /** Shows what speaks for and against the job of such a document; nothing is created. */
  'bucketBrigade.jobs.checkDocument': [document?: DocumentUri];
  'bucketBrigade.jobs.copyCliCommand': On<JobTarget>;
  /** Of a job, or the report whose manifest.json an object is. */
  'bucketBrigade.jobs.openReport': On<JobTarget | ObjectLocation>;
  'bucketBrigade.jobs.openReportCsv': On<JobTarget>;
  'bucketBrigade.jobs.revealReport': On<JobTarget>;
  'bucketBrigade.jobs.retryFailed': On<JobTarget>;
  'bucketBrigade.jobs.revealManifest': On<JobTarget>;
  'bucketBrigade.jobs.copyJobId': OnEach<JobTarget>;
  'bucketBrigade.jobs.filter': [statuses?: readonly string[]];
  'bucketBrigade.jobs.loadMore': On<ConnectionTarget>;
  'bucketBrigade.jobs.refresh': [];
  'bucketBrigade.jobs.deployTagger': On<BucketTarget>;
  'bucketBrigade.jobs.removeTagger': [];
  'bucketBrigade.resize.deploy': On<BucketTarget>;
  'bucketBrigade.resize.remove': On<BucketTarget>;
  'bucketBrigade.resize.changeSettings': On<BucketTarget>;
  /** What is deployed for a bucket, or the plan that the document of that URI shows. */
  'bucketBrigade.resize.copyCliCommands': On<BucketTarget | DocumentUri>;
  'bucketBrigade.resize.exportCloudFormation': On<BucketTarget | DocumentUri>;
  'bucketBrigade.resize.exportTerraform': On<BucketTarget | DocumentUri>;
  'bucketBrigade.resize.createFunction': On<S3Location>;
  'bucketBrigade.resize.resizeNow': On<S3Location>;
  /** Shows what happens to objects since their upload, a page each. */
  'bucketBrigade.resize.followObject': OnEach<S3Location>;
  /** Shows what happens to images that were just uploaded. */
  'bucketBrigade.resize.followUploads': [uploaded?: ChangedObjects];
  'bucketBrigade.resize.showLogs': On<FunctionLogsArguments>;
  /** More of the log that is open: of the document of that URI, or of the one in front. */
  'bucketBrigade.resize.loadOlderLogs': [document?: DocumentUri];
  'bucketBrigade.resize.refreshLogs': [document?: DocumentUri];
  /** Resolves to the figures that the panel then shows, each with its label. */
  'bucketBrigade.metrics.show': On<MetricsTarget | NotificationTarget>;
}

export type CommandId = keyof Commands;

/**
 * What these commands may be given besides, to act on without a question. Only our tests and the lab
 * reach it: the commands of `unaskedId`, which exist only while VS Code runs the extension's tests.
 */
export interface UnaskedArguments {
  'bucketBrigade.connections.select': [connectionId?: string];
  'bucketBrigade.connections.openAnother': [connectionId?: string];
  'bucketBrigade.sandbox.reset': [options?: { readonly skipConfirmation?: boolean }];
  'bucketBrigade.explorer.upload': On<UploadArguments>;
  'bucketBrigade.explorer.newFolder': On<FolderArguments>;
  'bucketBrigade.explorer.rename': On<CopyArguments>;
  'bucketBrigade.explorer.paste': On<CopyArguments>;
  'bucketBrigade.explorer.duplicate': [target?: CopyArguments, selection?: readonly S3Location[]];
  'bucketBrigade.explorer.addTag': [
    target?: S3Location,
    selection?: readonly S3Location[],
    tag?: ObjectTag,
  ];
  'bucketBrigade.versions.restore': OnEach<VersionLocation>;
  'bucketBrigade.versions.delete': OnEach<
    VersionLocation & { readonly skipConfirmation?: boolean }
  >;
  'bucketBrigade.find.start': [
    target?: S3Location,
    selection?: readonly S3Location[],
    filter?: ObjectFilter,
  ];
  'bucketBrigade.notifications.add': On<S3Location | AddNotificationArguments>;
  'bucketBrigade.notifications.edit': On<EditNotificationArguments>;
  'bucketBrigade.notifications.remove': On<RemoveNotificationArguments>;
  'bucketBrigade.notifications.enable': On<NotificationTarget & { skipConfirmation?: boolean }>;
  'bucketBrigade.notifications.disable': On<NotificationTarget & { skipConfirmation?: boolean }>;
  'bucketBrigade.notifications.turnOnEventBridge': On<S3Location>;
  'bucketBrigade.notifications.turnOffEventBridge': On<
    S3Location & { readonly skipConfirmation?: boolean }
  >;
  'bucketBrigade.jobs.createTaggingJob': OnEach<S3Location | CreateTaggingJobArguments>;
  'bucketBrigade.jobs.createResizeJob': OnEach<S3Location | CreateResizeJobArguments>;
  'bucketBrigade.jobs.run': OnEach<JobTarget & { readonly skipConfirmation?: boolean }>;
  'bucketBrigade.jobs.cancel': OnEach<JobTarget & { readonly skipConfirmation?: boolean }>;
  'bucketBrigade.jobs.changePriority': OnEach<JobTarget & { readonly priority?: number }>;
  'bucketBrigade.jobs.retryFailed': On<JobTarget & { readonly skipConfirmation?: boolean }>;
  'bucketBrigade.jobs.deployTagger': On<DeployTaggerArguments>;
  'bucketBrigade.jobs.removeTagger': On<RemoveTaggerArguments>;
  'bucketBrigade.resize.deploy': On<DeployResizeArguments>;
  'bucketBrigade.resize.remove': On<RemoveResizeArguments>;
  'bucketBrigade.resize.changeSettings': On<ChangeResizeSettingsArguments>;
  'bucketBrigade.resize.createFunction': On<S3Location | CreateFunctionArguments>;
  'bucketBrigade.resize.resizeNow': On<S3Location>;
}

/** The commands that `UnaskedArguments` is about. */
export const UNASKED: Readonly<Record<keyof UnaskedArguments, true>> = {
  'bucketBrigade.connections.select': true,
  'bucketBrigade.connections.openAnother': true,
  'bucketBrigade.sandbox.reset': true,
  'bucketBrigade.explorer.upload': true,
  'bucketBrigade.explorer.newFolder': true,
  'bucketBrigade.explorer.rename': true,
  'bucketBrigade.explorer.paste': true,
  'bucketBrigade.explorer.duplicate': true,
  'bucketBrigade.explorer.addTag': true,
  'bucketBrigade.versions.restore': true,
  'bucketBrigade.versions.delete': true,
  'bucketBrigade.find.start': true,
  'bucketBrigade.notifications.add': true,
  'bucketBrigade.notifications.edit': true,
  'bucketBrigade.notifications.remove': true,
  'bucketBrigade.notifications.enable': true,
  'bucketBrigade.notifications.disable': true,
  'bucketBrigade.notifications.turnOnEventBridge': true,
  'bucketBrigade.notifications.turnOffEventBridge': true,
  'bucketBrigade.jobs.createTaggingJob': true,
  'bucketBrigade.jobs.createResizeJob': true,
  'bucketBrigade.jobs.run': true,
  'bucketBrigade.jobs.cancel': true,
  'bucketBrigade.jobs.changePriority': true,
  'bucketBrigade.jobs.retryFailed': true,
  'bucketBrigade.jobs.deployTagger': true,
  'bucketBrigade.jobs.removeTagger': true,
  'bucketBrigade.resize.deploy': true,
  'bucketBrigade.resize.remove': true,
  'bucketBrigade.resize.changeSettings': true,
  'bucketBrigade.resize.createFunction': true,
  'bucketBrigade.resize.resizeNow': true,
};

/** What a command's handler gets, whoever called it. */
export type HandlerArguments<Id extends CommandId> = Id extends keyof UnaskedArguments
  ? UnaskedArguments[Id]
  : Commands[Id];

/** The id of a command's variant that asks nothing it is given; see `UnaskedArguments`. */
export function unaskedId(id: keyof UnaskedArguments): string {
  return id.replace('bucketBrigade.', 'bucketBrigade.unasked.');
}
