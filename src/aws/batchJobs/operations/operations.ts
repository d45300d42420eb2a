import type { JobOperation as SdkJobOperation } from '@aws-sdk/client-s3-control';
import type { Problem } from '../../problems.ts';
import type { RoleOperation } from '../../roles/rolePolicy.ts';
import type { JobOperation, OperationName } from '../jobOperation.ts';
import { putAcl, replicate, updateEncryption } from './accessOperations.ts';
import { computeChecksum, restore } from './archiveOperations.ts';
import { copy } from './copy.ts';
import { invoke } from './invoke.ts';
import { legalHold, retention } from './lockOperations.ts';
import type {
  ObjectRequest,
  OperationKind,
  OperationPlace,
  OperationWarning,
} from './operationKind.ts';
import { deleteTagging, putTagging } from './tagOperations.ts';

/** Every operation of CreateJob. Nothing here loads the AWS SDK. */
const OPERATIONS: { readonly [Name in OperationName]: OperationKind<Name> } = {
  S3PutObjectCopy: copy,
  S3PutObjectTagging: putTagging,
  S3DeleteObjectTagging: deleteTagging,
  LambdaInvoke: invoke,
  S3InitiateRestoreObject: restore,
  S3ComputeObjectChecksum: computeChecksum,
  S3UpdateObjectEncryption: updateEncryption,
  S3PutObjectLegalHold: legalHold,
  S3PutObjectRetention: retention,
  S3PutObjectAcl: putAcl,
  S3ReplicateObject: replicate,
};

/** All names, in the order of a list to choose from. */
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

/** TypeScript does not see that an operation goes with the kind of its name. */
function kindOf({ name }: JobOperation): OperationKind<OperationName> {
  return OPERATIONS[name] as unknown as OperationKind<OperationName>;
}

/** The operation as S3 Control takes it. */
export function sdkOperation(operation: JobOperation): SdkJobOperation {
  return kindOf(operation).toSdk(operation);
}

/** What S3 Control tells or is told to do, in our words; undefined for what is not known here. */
export function operationOf(sdk: SdkJobOperation | undefined): JobOperation | undefined {
  const kind = OPERATIONS[operationName(sdk) as OperationName] as
    OperationKind<OperationName> | undefined;
  return sdk && kind?.fromSdk(sdk);
}

/** The one member of the operation that is set is its name; empty where there is none. */
export function operationName(operation: SdkJobOperation = {}): string {
  const set = Object.entries(operation).find(([, value]) => value !== undefined);
  return set?.[0] ?? '';
}

/** What a job's role has to be allowed for what the job does, for `batchRolePolicy`. */
export function roleOperation(operation: JobOperation, place: OperationPlace): RoleOperation {
  const { name } = operation;
  if (name === 'LambdaInvoke') return { name, functionArn: operation.functionArn };
  if (name === 'S3PutObjectTagging' || name === 'S3DeleteObjectTagging') {
    return { name, targets: place.targets };
  }
  const permissions = kindOf(operation).permissions(operation, place);
  return { name, targets: place.targets, permissions };
}

/** The requests that a job makes for each object. */
export function requestsOf(operation: JobOperation): ObjectRequest[] {
  return kindOf(operation).requests(operation);
}

/** What a person should know before a job does this. */
export function warningsOf(operation: JobOperation): OperationWarning[] {
  return kindOf(operation).warnings(operation);
}

/** What AWS would refuse of an operation; undefined if nothing. */
export function operationProblem(operation: JobOperation): Problem | undefined {
  return kindOf(operation).problem(operation);
}

/** What AWS would refuse of an operation, for the log. */
export function operationLogText(name: OperationName, { kind, ...facts }: Problem): string {
  return `AWS would refuse ${name}: ${kind} ${JSON.stringify(facts)}`;
}
