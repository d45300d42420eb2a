import type { TimeSpan } from './aws/metrics/metricPeriod.ts';
import type { ResizeSettings } from './aws/resizeFunction/resizeSettings.ts';

/** What a command on a bucket, prefix or object needs to know. Tree rows have this shape too. */
export interface S3Location {
  readonly bucket: string;
  /** An object's key, or a prefix ending in `/`; absent for the bucket itself. */
  readonly key?: string;
}

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** A row of the Buckets view that stands for one tag of an object. */
export interface TagLocation extends S3Location {
  readonly key: string;
  readonly tag: ObjectTag;
}

/** A bucket, or one of its event notifications; rows of the Buckets view have this shape too. */
export interface NotificationTarget {
  readonly bucket: string;
  readonly notificationId?: string;
  /** Several that differ by their filters only, as a row has them. */
  readonly notificationIds?: readonly string[];
}

/** What a bucket shall notify. Whatever is given is not asked for. */
export interface AddNotificationArguments {
  readonly bucket?: string;
  /** `s3:ObjectCreated:*` … */
  readonly events?: readonly string[];
  /** Empty for every key. */
  readonly prefix?: string;
  /** Each makes an entry of its own; none for every key. */
  readonly suffixes?: readonly string[];
  /** Of a Lambda function, an SQS queue or an SNS topic. */
  readonly destinationArn?: string;
  readonly skipConfirmation?: boolean;
}

/** What becomes of an entry; with `skipConfirmation`, what is not given stays. */
export interface EditNotificationArguments extends NotificationTarget {
  readonly events?: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
  readonly destinationArn?: string;
  readonly skipConfirmation?: boolean;
}

export interface RemoveNotificationArguments extends NotificationTarget {
  /** Whether S3 may no longer invoke the function for this bucket, if no other entry needs it. */
  readonly removePermission?: boolean;
  readonly skipConfirmation?: boolean;
}

/** A function whose metrics are shown. */
export interface MetricsTarget {
  readonly functionName: string;
  /** The connection's own when absent. */
  readonly region?: string;
  /** Shows the last so many seconds; three hours when absent. */
  readonly last?: number;
}

export interface JobTarget {
  readonly jobId: string;
  /** Where the job is; when absent, where the view lists it, else the connection's own Region. */
  readonly region?: string;
  /** `Session.key` of whose job it is; that of the current connection when absent. */
  readonly session?: string;
}

/** A document of ours that a button of its editor's title bar was pressed on: its URI. */
export interface DocumentUri {
  readonly scheme: string;
  readonly path: string;
}

/** Where a completion report goes. `false` asks for none. */
export interface ReportChoice {
  readonly bucket: string;
  readonly prefix?: string;
  readonly scope: 'AllTasks' | 'FailedTasksOnly';
}

/** Whatever is given is not asked for; with all of it and `skipConfirmation`, nothing is asked. */
export interface CreateJobArguments {
  readonly roleArn?: string;
  readonly report?: ReportChoice | false;
  readonly priority?: number;
  readonly description?: string;
  readonly skipConfirmation?: boolean;
}

export interface CreateTaggingJobArguments extends CreateJobArguments {
  readonly manifest?: S3Location;
  /** None removes all tags. */
  readonly tags?: readonly ObjectTag[];
}

export interface CreateResizeJobArguments extends CreateJobArguments {
  /** Names the objects; else S3 finds them. */
  readonly manifest?: S3Location;
  /** Whose objects S3 is to find: a bucket or prefix, and what keys must end with. */
  readonly source?: S3Location & { readonly suffix?: string };
  /** What the job invokes for each object: its ARN, or its name. */
  readonly functionArn?: string;
}

/** What a batch job leaves behind: tags on objects too many to name, and a report. */
export interface JobTraces {
  readonly tags: 'of any object';
  /** An object of the report. */
  readonly report?: Required<S3Location>;
}

/** Objects that came, went or changed: what shows them is read again. */
export interface ChangedObjects {
  readonly bucket: string;
  readonly keys: readonly string[];
}

/** Files to send to a bucket or prefix; asked for when absent. */
export interface UploadArguments extends S3Location {
  /** `file:` or other URIs, as strings. */
  readonly files?: readonly string[];
}

export type FunctionArchitecture = 'x86_64' | 'arm64';

/** Whatever is given is not asked for; with `skipConfirmation` the rest takes its defaults. */
export interface DeployResizeArguments {
  /** Whose new images are resized. */
  readonly bucket?: string;
  readonly functionName?: string;
  readonly destinationBucket?: string;
  /** A new role by its name, or one that there is. */
  readonly role?: { readonly name: string } | { readonly arn: string };
  readonly settings?: Partial<ResizeSettings>;
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** Only keys that end in one of them; none for all keys. */
  readonly suffixes?: readonly string[];
  readonly architecture?: FunctionArchitecture;
  readonly memoryMegabytes?: number;
  readonly timeoutSeconds?: number;
  readonly skipConfirmation?: boolean;
}

export interface RemoveResizeArguments {
  readonly bucket?: string;
  /** Removes a destination bucket of ours even with objects in it. */
  readonly deleteObjects?: boolean;
  readonly skipConfirmation?: boolean;
}

export interface ChangeResizeSettingsArguments {
  readonly bucket?: string;
  readonly settings?: Partial<ResizeSettings>;
  readonly memoryMegabytes?: number;
  readonly timeoutSeconds?: number;
  readonly skipConfirmation?: boolean;
}

export interface CreateFunctionArguments {
  /** The zip: an object, or what was copied to name it (`s3://…`, `https://…`, an ARN). */
  readonly code?: S3Location | string;
  readonly functionName?: string;
  readonly roleArn?: string;
  /** The name of a role to make instead: it may write the function's log, and nothing else. */
  readonly newRole?: string;
  readonly runtime?: string;
  /** `file.function`, such as `index.handler`. */
  readonly handler?: string;
  readonly architecture?: FunctionArchitecture;
  readonly skipConfirmation?: boolean;
}

/** The function whose log lines are shown: by its name, or as the one that resizes for a bucket. */
export interface FunctionLogsArguments {
  readonly functionName?: string;
  /** Of that function; the connection's own when absent. */
  readonly region?: string;
  /** Only the lines of what was invoked then, those with errors first. */
  readonly span?: TimeSpan;
  readonly bucket?: string;
  /** Only the lines of one invocation. */
  readonly requestId?: string;
}

/** Where a command begins; it asks for the rest, and before it acts. */
type On<T> = [target?: T];
/** The same for commands that act on all selected rows. */
type OnEach<T> = [target?: T, selection?: readonly T[]];

/**
 * Every command with what it may be called with, by anyone: VS Code, a keybinding, a link, another
 * extension. All of it may be absent, and none of it keeps a command from asking before it does what
 * can't be undone, costs money or sends files. `commandArguments.ts` reads each of them.
 *
 * A test holds this table against package.json.
 */
export interface Commands {
  'bucketBrigade.connections.select': [];
  'bucketBrigade.connections.retry': [];
  /** Of the current connection, or of the one that a message was about. */
  'bucketBrigade.connections.signIn': [connectionId?: string];
  'bucketBrigade.connections.show': [];
  'bucketBrigade.sandbox.start': [];
  'bucketBrigade.sandbox.stop': [];
  'bucketBrigade.sandbox.reset': [];
  'bucketBrigade.sandbox.copyEnvironment': [];
  'bucketBrigade.log.show': [];
  'bucketBrigade.explorer.refresh': On<S3Location | JobTraces | ChangedObjects>;
  /** The same on rows, where its title needs no “Buckets”. */
  'bucketBrigade.explorer.refreshRow': OnEach<S3Location>;
  'bucketBrigade.explorer.addBucket': [name?: string];
  'bucketBrigade.explorer.removeBucket': OnEach<S3Location>;
  'bucketBrigade.explorer.loadMore': On<S3Location>;
  'bucketBrigade.explorer.reveal': On<S3Location>;
  'bucketBrigade.explorer.openObject': OnEach<S3Location>;
  'bucketBrigade.explorer.upload': On<S3Location>;
  'bucketBrigade.explorer.download': OnEach<S3Location>;
  'bucketBrigade.explorer.deleteObject': OnEach<S3Location>;
  'bucketBrigade.explorer.copyS3Uri': OnEach<S3Location>;
  'bucketBrigade.explorer.copyUrl': OnEach<S3Location>;
  'bucketBrigade.explorer.copyArn': OnEach<S3Location>;
  'bucketBrigade.explorer.copyKey': OnEach<S3Location>;
  'bucketBrigade.explorer.editTags': OnEach<S3Location>;
  'bucketBrigade.explorer.addTag': OnEach<S3Location>;
  'bucketBrigade.explorer.changeTag': On<TagLocation>;
  'bucketBrigade.explorer.removeTag': OnEach<TagLocation>;
  'bucketBrigade.notifications.add': On<S3Location | { readonly destinationArn: string }>;
  'bucketBrigade.notifications.edit': On<NotificationTarget>;
  'bucketBrigade.notifications.remove': On<NotificationTarget>;
  'bucketBrigade.notifications.enable': On<NotificationTarget>;
  'bucketBrigade.notifications.disable': On<NotificationTarget>;
  'bucketBrigade.notifications.turnOnEventBridge': On<S3Location>;
  'bucketBrigade.notifications.turnOffEventBridge': On<S3Location>;
  'bucketBrigade.notifications.refresh': On<S3Location>;
  'bucketBrigade.jobs.createTaggingJob': On<S3Location>;
  'bucketBrigade.jobs.createResizeJob': On<S3Location>;
  'bucketBrigade.jobs.run': OnEach<JobTarget>;
  'bucketBrigade.jobs.cancel': OnEach<JobTarget>;
  'bucketBrigade.jobs.changePriority': OnEach<JobTarget>;
  'bucketBrigade.jobs.clone': On<JobTarget>;
  'bucketBrigade.jobs.openReport': On<JobTarget | DocumentUri>;
  'bucketBrigade.jobs.openReportCsv': On<JobTarget | DocumentUri>;
  'bucketBrigade.jobs.revealReport': On<JobTarget | DocumentUri>;
  'bucketBrigade.jobs.revealManifest': On<JobTarget>;
  'bucketBrigade.jobs.copyJobId': OnEach<JobTarget>;
  'bucketBrigade.jobs.filter': [statuses?: readonly string[]];
  'bucketBrigade.jobs.loadMore': [];
  'bucketBrigade.jobs.refresh': [];
  'bucketBrigade.resize.deploy': On<{ readonly bucket: string }>;
  'bucketBrigade.resize.remove': On<{ readonly bucket: string }>;
  'bucketBrigade.resize.changeSettings': On<{ readonly bucket: string }>;
  'bucketBrigade.resize.createFunction': On<S3Location>;
  'bucketBrigade.resize.resizeNow': On<S3Location>;
  /** Shows what becomes of images that were just uploaded. */
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
  'bucketBrigade.sandbox.reset': [options?: { readonly skipConfirmation?: boolean }];
  'bucketBrigade.explorer.upload': On<UploadArguments>;
  'bucketBrigade.explorer.addTag': [
    target?: S3Location,
    selection?: readonly S3Location[],
    tag?: ObjectTag,
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
  'bucketBrigade.jobs.createTaggingJob': On<S3Location | CreateTaggingJobArguments>;
  'bucketBrigade.jobs.createResizeJob': On<S3Location | CreateResizeJobArguments>;
  'bucketBrigade.jobs.run': OnEach<JobTarget & { readonly skipConfirmation?: boolean }>;
  'bucketBrigade.jobs.cancel': OnEach<JobTarget & { readonly skipConfirmation?: boolean }>;
  'bucketBrigade.jobs.changePriority': OnEach<JobTarget & { readonly priority?: number }>;
  'bucketBrigade.resize.deploy': On<DeployResizeArguments>;
  'bucketBrigade.resize.remove': On<RemoveResizeArguments>;
  'bucketBrigade.resize.changeSettings': On<ChangeResizeSettingsArguments>;
  'bucketBrigade.resize.createFunction': On<S3Location | CreateFunctionArguments>;
  'bucketBrigade.resize.resizeNow': On<S3Location>;
}

/** The commands that `UnaskedArguments` is about. */
export const UNASKED: Readonly<Record<keyof UnaskedArguments, true>> = {
  'bucketBrigade.connections.select': true,
  'bucketBrigade.sandbox.reset': true,
  'bucketBrigade.explorer.upload': true,
  'bucketBrigade.explorer.addTag': true,
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
