import type { JobOperation as SdkJobOperation } from '@aws-sdk/client-s3-control';
import type { Problem } from '../../problems.ts';
import type { RolePermission } from '../../roles/rolePolicy.ts';
import type { OperationName, OperationOf, OperationSettings } from '../jobOperation.ts';

/** Whose objects a job goes over; all of a bucket, or those below a prefix. */
export interface OperationTarget {
  readonly bucket: string;
  readonly prefix?: string;
}

/** On what a job's operation works, as far as its role's policy has to say it. */
export interface OperationPlace {
  /** `aws`, `aws-cn` …: the second part of every ARN. */
  readonly partition: string;
  readonly targets: readonly OperationTarget[];
}

/** Requests that a job makes for each object, and pays for beside the job itself. */
export interface ObjectRequest {
  /** `CopyObject` … */
  readonly api: string;
  /** How S3 charges it; `none` is free of charge, `other` has a price of its own. */
  readonly tier: 'put' | 'get' | 'none' | 'other';
}

/**
 * What a person should know before a job is created. `src/jobs/` has a sentence for each.
 *
 * Sources: Amazon S3 user guide, "Operations supported by S3 Batch Operations", and its pages of
 * each operation.
 */
export type OperationWarning =
  | 'replacesAllTags'
  | 'removesAllTags'
  /** CopyObject takes 5 GB at most; the task of a larger object fails. */
  | 'copyLimit'
  | 'copyArchived'
  | 'copyOverwrites'
  | 'copyEncryption'
  | 'copyMetadata'
  | 'storageClassCost'
  | 'needsObjectLock'
  | 'complianceForever'
  | 'removesRetention'
  | 'bypassesGovernance'
  | 'legalHold'
  | 'aclDisabled'
  | 'publicAcl'
  | 'restoreStartsOnly'
  | 'restoreCost'
  | 'restoreBulk'
  | 'restoreOneKind'
  | 'checksumInReport'
  | 'checksumCustomerKey'
  | 'encryptionUnsupported'
  | 'encryptionKeyAccess'
  | 'needsReplication';

/** All that is said of one operation, in one place. */
export interface OperationKind<Name extends OperationName> {
  readonly name: Name;
  /** The member of Operation as S3 Control takes it. */
  toSdk(operation: OperationOf<Name>): SdkJobOperation;
  /** Undefined where S3 Control tells of another operation. */
  fromSdk(operation: SdkJobOperation): OperationOf<Name> | undefined;
  /** What the role needs beside reading the manifest and writing the report. */
  permissions(operation: OperationOf<Name>, place: OperationPlace): readonly RolePermission[];
  requests(operation: OperationOf<Name>): ObjectRequest[];
  warnings(operation: OperationOf<Name>): OperationWarning[];
  /** What AWS would refuse; undefined if nothing. */
  problem(operation: OperationOf<Name>): Problem | undefined;
}

type SettingsName = keyof OperationSettings;
type Rest<Name extends SettingsName> = Omit<OperationKind<Name>, 'name' | 'toSdk' | 'fromSdk'>;

/** An operation whose settings are S3 Control's own. */
export function settingsKind<Name extends SettingsName>(
  name: Name,
  rest: Rest<Name>,
): OperationKind<Name> {
  return {
    ...rest,
    name,
    toSdk: operation => ({ [name]: settingsOf<Name>(operation) }),
    fromSdk: sdk => {
      const settings = sdk[name] as OperationSettings[Name] | undefined;
      return settings && ({ name, settings } as OperationOf<Name> & object);
    },
  };
}

/** TypeScript does not see that the member of a union goes with its name. */
function settingsOf<Name extends SettingsName>(operation: OperationOf<Name>) {
  return (operation as unknown as { readonly settings: OperationSettings[Name] }).settings;
}
