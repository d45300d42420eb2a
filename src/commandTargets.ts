// What commands are called with: rows of the views have these shapes, and so do their arguments.
import type { OnConflict } from './aws/copies/copies.ts';
import type { TimeSpan } from './aws/metrics/metricPeriod.ts';
import type { ResizeSettings } from './aws/resizeFunction/resizeSettings.ts';

/** What belongs to a connection and account. */
export interface Owned {
  /** `Session.key` of whose it is; when absent, it is looked for with the default connection. */
  readonly session?: string;
}

/** A connection that is open; rows of the Buckets view have this shape too. */
export interface ConnectionTarget {
  readonly connectionId: string;
}

/** What a command on a bucket, prefix or object needs to know. Tree rows have this shape too. */
export interface S3Location extends Owned {
  readonly bucket: string;
  /** An object's key, or a prefix ending in `/`; absent for the bucket itself. */
  readonly key?: string;
}

/** A bucket as a whole. */
export interface BucketTarget extends Owned {
  readonly bucket: string;
}

/** One object. */
export interface ObjectLocation extends S3Location {
  readonly key: string;
}

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** A version of an object, or a delete marker; rows of the Buckets view have this shape too. */
export interface VersionLocation extends S3Location {
  readonly key: string;
  /** `null` for what was written while the bucket kept no versions. */
  readonly versionId: string;
}

/** A row of the Buckets view that stands for one tag of an object. */
export interface TagLocation extends S3Location {
  readonly key: string;
  readonly tag: ObjectTag;
}

/** A bucket, or one of its event notifications; rows of the Buckets view have this shape too. */
export interface NotificationTarget extends Owned {
  readonly bucket: string;
  readonly notificationId?: string;
  /** Several that differ by their filters only, as a row has them. */
  readonly notificationIds?: readonly string[];
}

/** A function that a bucket is to notify: the bucket is asked for. */
export interface NotifiedFunction extends Owned {
  readonly destinationArn: string;
}

/** What a bucket is to notify. Whatever is given is not asked for. */
export interface AddNotificationArguments extends Owned {
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

/** What happens to an entry; with `skipConfirmation`, what is not given stays. */
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
export interface MetricsTarget extends Owned {
  readonly functionName: string;
  /** The connection's own when absent. */
  readonly region?: string;
  /** Shows the last so many seconds; three hours when absent. */
  readonly last?: number;
}

export interface JobTarget extends Owned {
  readonly jobId: string;
  /** Where the job is; when absent, where the view lists it, else the connection's own Region. */
  readonly region?: string;
}

/** A transfer of this window, as its row in the Transfers view names it. */
export interface TransferTarget {
  readonly transferId: string;
}

/** A document of ours that a button of its editor's title bar was pressed on: its URI. */
export interface DocumentUri {
  readonly scheme: string;
  readonly path: string;
}

/** A file of keys on this computer; where they are said to be someone's, their URI with whose. */
export interface KeyFile extends DocumentUri, Owned {}

/** Where a completion report goes. `false` asks for none. */
export interface ReportChoice {
  readonly bucket: string;
  readonly prefix?: string;
  readonly scope: 'AllTasks' | 'FailedTasksOnly';
}

/** Whatever is given is not asked for; with all of it and `skipConfirmation`, nothing is asked. */
export interface CreateJobArguments extends Owned {
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

/** A manifest, and what is put right in it (`Correction`); that is asked for when absent. */
export interface ManifestCorrections extends S3Location {
  readonly corrections?: readonly string[];
}

/** What a batch job leaves behind: tags on objects too many to name, and a report. */
export interface AffectedByJob extends Owned {
  readonly tags: 'of any object';
  /** An object of the report. */
  readonly report?: ObjectLocation;
}

/** Objects that came, went or changed: what shows them is read again. */
export interface ChangedObjects extends Owned {
  readonly bucket: string;
  readonly keys: readonly string[];
}

/** A bucket or prefix, and what is shown of it; asked for when absent. */
export interface FilterArguments extends S3Location {
  /** Empty for all of it. */
  readonly beginsWith?: string;
}

/** Files to send to a bucket or prefix; asked for when absent. */
export interface UploadArguments extends S3Location {
  /** `file:` or other URIs, as strings. */
  readonly files?: readonly string[];
}

/** Where a folder is made; its name is asked for when absent. */
export interface FolderArguments extends S3Location {
  readonly name?: string;
}

/** What is renamed or duplicated, or where is pasted; whatever else is given is not asked for. */
export interface CopyArguments extends S3Location {
  /** The new name, of the last segment. */
  readonly name?: string;
  readonly onConflict?: OnConflict;
  readonly skipConfirmation?: boolean;
}

export type FunctionArchitecture = 'x86_64' | 'arm64';

/** Whatever is given is not asked for; with `skipConfirmation` the rest takes its defaults. */
export interface DeployResizeArguments extends Owned {
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

export interface RemoveResizeArguments extends Owned {
  readonly bucket?: string;
  /** Removes a destination bucket of ours even with objects in it. */
  readonly deleteObjects?: boolean;
  readonly skipConfirmation?: boolean;
}

/** A bucket whose tags jobs are to change; whatever is given is not asked for. */
export interface DeployTaggerArguments extends Owned {
  readonly bucket?: string;
  /** Where jobs write their reports. */
  readonly report?: { readonly bucket: string; readonly prefix?: string };
  readonly skipConfirmation?: boolean;
}

export interface RemoveTaggerArguments {
  /** The only one, or asked for, when absent. */
  readonly region?: string;
  readonly skipConfirmation?: boolean;
}

export interface ChangeResizeSettingsArguments extends Owned {
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
export interface FunctionLogsArguments extends Owned {
  readonly functionName?: string;
  /** Of that function; the connection's own when absent. */
  readonly region?: string;
  /** Only the lines of what was invoked then, those with errors first. */
  readonly span?: TimeSpan;
  readonly bucket?: string;
  /** Only the lines of one invocation. */
  readonly requestId?: string;
}
