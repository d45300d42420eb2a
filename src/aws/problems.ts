/**
 * What `src/aws/` and `src/worker/` find wrong themselves, with the facts that a sentence about it
 * needs. The sentences are made in `src/vscode/problemTexts.ts`, in the user's language. Errors of every
 * folder carry them, so that nothing is imported here: the facts are written out.
 */
interface Facts {
  noCredentials: object;
  noAccount: object;
  noBody: object;
  /** A job's request. */
  priority: { readonly max: number };
  checksumReport: object;
  roleArn: object;
  tooLong: {
    readonly what: 'description' | 'reportPrefix' | 'manifestPrefix' | 'keyFilter';
    readonly max: number;
  };
  requestToken: object;
  unknownOperation: object;
  /** An operation's settings, by the names that CreateJob has for them. */
  settingMissing: { readonly setting: string };
  settingLength: { readonly setting: string; readonly max: number };
  wholeNumber: { readonly setting: string; readonly min: number };
  oneSetting: { readonly settings: readonly [string, string] };
  bothSettings: { readonly settings: readonly [string, string] };
  bucketArn: { readonly setting: string };
  keyArn: { readonly setting: string };
  compositeChecksum: { readonly algorithm: string };
  functionArn: object;
  userArgumentsSchema: object;
  manyUserArguments: { readonly max: number };
  /** Characters. */
  userArgument: { readonly maxName: number; readonly maxValue: number };
  otherAccount: { readonly account: string; readonly own: string };
  otherRegion: {
    readonly what: 'function' | 'source' | 'objects' | 'report';
    readonly region: string;
    readonly wanted: string;
  };
  unknownMembers: { readonly names: readonly string[] };
  /** A TagProblem. */
  tags: {
    readonly problem: {
      readonly index: number;
      readonly field: 'key' | 'value' | 'set';
      readonly problem:
        'tooMany' | 'duplicate' | 'empty' | 'tooLong' | 'forbiddenCharacters' | 'reserved';
      readonly max?: number;
    };
    readonly key: string;
  };
  impossibleTags: object;
  longTagChange: object;
  /** Manifests and reports. */
  notAReport: object;
  noManifest: object;
  noFailedRow: object;
  manyRowsToSort: { readonly max: number };
  mixedVersions: object;
  rowWithoutObject: { readonly row: number };
  longManifest: object;
  notCsvInventory: object;
  keyUnicode: object;
  filter: object;
  /** What is deployed, and its roles. */
  planChanged: object;
  /** A DeploymentConflict. */
  conflict: {
    readonly conflict: { readonly code: string; readonly names: readonly string[] } | undefined;
  };
  roleName: object;
  trustPolicy: object;
  functionState: { readonly state: string };
  functionFailed: object;
  notResizeFunction: object;
  imageFunction: object;
  /** A text that CloudFormation would take for a dynamic reference. */
  dynamicReference: { readonly reference: string };
  /** Event notifications. */
  notificationsChanging: object;
  unknownNotifications: { readonly element: string };
  notificationExists: { readonly id: string };
  notificationOverlaps: { readonly id: string };
  manyNotifications: { readonly max: number };
  /** Buckets, objects and files. */
  bucketInUse: object;
  fileInTheWay: object;
  fileChanged: object;
  otherObject: object;
  noUpload: object;
  bigFolder: { readonly max: number };
  /** The worker. */
  taskEnded: object;
  workerEnds: { readonly why: string };
}

export type Problem = {
  readonly [Kind in keyof Facts]: { readonly kind: Kind } & Facts[Kind];
}[keyof Facts];
