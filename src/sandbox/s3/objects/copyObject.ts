import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { authorize } from '../access/authorize.ts';
import type { ChecksumAlgorithm } from '../checksums.ts';
import { invalidRequest, preconditionFailed } from '../errors.ts';
import type { EventRequest } from '../notifications/eventRecord.ts';
import { checkKey, s3Arn } from '../s3Call.ts';
import type { S3Context } from '../s3Context.ts';
import type { ObjectProperties } from '../store/objectProperties.ts';
import { checkReadable } from '../store/restoreState.ts';
import type { ReadCondition, WriteCondition } from './conditions.ts';
import { failedCondition } from './conditions.ts';
import type { FoundObject, ObjectAddress } from './getObject.ts';
import { GET_OBJECT, findObject, objectContext } from './getObject.ts';
import { openBody } from './objectBody.ts';
import { stageObject } from './putObject.ts';
import { REDIRECT } from './redirect.ts';
import type { StagedObject } from './putObject.ts';

const MAX_COPY_SIZE = 5 * 1024 ** 3;

/** Whether a copy keeps what its source has, or takes what the request says. */
export type CopyDirective = 'COPY' | 'REPLACE';

export interface CopyObjectInput {
  readonly source: ObjectAddress;
  readonly sourceCondition: ReadCondition;
  readonly bucket: string;
  readonly key: string;
  /** Of headers and metadata. */
  readonly directive: CopyDirective;
  readonly tagging: CopyDirective;
  /** What the request says, of which a copy takes what the directives let it. */
  readonly own: ObjectProperties;
  /** The request's own word on the storage class; the copy of none is STANDARD. */
  readonly storageClass?: string;
  /** Whether the request names an encryption. */
  readonly encrypts: boolean;
  readonly algorithm?: ChecksumAlgorithm;
  readonly condition?: WriteCondition;
  /** The request that events tell of. */
  readonly request?: EventRequest;
  /** Ends a copy whose bytes are not in yet. */
  readonly signal?: AbortSignal;
}

export interface StagedCopy extends StagedObject {
  readonly found: FoundObject;
}

/**
 * Copies an object's bytes, and what goes with them, to where a commit makes them an object.
 * @throws AwsError what reading the source and writing the copy may meet; nothing is left behind then.
 */
export async function stageCopy(
  context: S3Context,
  caller: Principal,
  input: CopyObjectInput,
): Promise<StagedCopy> {
  checkKey(input.key);
  const found = findCopySource(context, caller, input.source, input.sourceCondition);
  checkSize(found.object.size);
  checkSelfCopy(input, found);
  const staged = await stageObject(context, caller, {
    bucket: input.bucket,
    key: input.key,
    ...copiedProperties(context, caller, input, found),
    condition: input.condition,
    event: 'ObjectCreated:Copy',
    request: input.request,
    digests: { algorithm: input.algorithm ?? found.object.checksum?.algorithm ?? 'CRC64NVME' },
    body: () => Promise.resolve(openSource(context, found, input.signal)),
  });
  return { ...staged, found };
}

function openSource(
  context: S3Context,
  { object }: FoundObject,
  signal: AbortSignal | undefined,
): Buffer | Readable {
  const body = openBody(context.s3.blobs, object, undefined);
  return Buffer.isBuffer(body) || signal === undefined ? body : addAbortSignal(signal, body);
}

/**
 * Finds the object to copy and checks the request's conditions on it.
 * @throws AwsError NoSuchKey, AccessDenied, PreconditionFailed, InvalidObjectState.
 */
export function findCopySource(
  context: S3Context,
  caller: Principal,
  source: ObjectAddress,
  condition: ReadCondition,
): FoundObject {
  const found = findSource(context, caller, source);
  const failed = failedCondition(condition, found.object, context.clock.now());
  // A copy that may not happen is 412, also where a read would say "not modified".
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
  const sentence = "Operation is not valid for the source object's storage class";
  checkReadable(found.object, context.clock.now(), sentence);
  return found;
}

/** @throws AwsError InvalidRequest for a delete marker that is named by its version id */
function findSource(context: S3Context, caller: Principal, source: ObjectAddress): FoundObject {
  try {
    return findObject(context, caller, source, GET_OBJECT);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'MethodNotAllowed') throw error;
    throw invalidRequest(
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  }
}

function checkSize(size: number): void {
  if (size <= MAX_COPY_SIZE) return;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_SIZE}`,
  );
}

function checkSelfCopy(input: CopyObjectInput, found: FoundObject): void {
  const { source, directive } = input;
  const self = source.bucket === input.bucket && source.key === input.key;
  if (!self || source.versionId !== undefined || directive === 'REPLACE') return;
  // As recorded, a default encryption that someone has put counts as one of the request.
  if (found.bucket.bucketKeyEnabled !== undefined) return;
  const redirects = input.own.headers?.[REDIRECT] !== undefined;
  if (input.storageClass !== undefined || input.encrypts || redirects) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** What the copy keeps of its source, by the two directives. */
function copiedProperties(
  context: S3Context,
  caller: Principal,
  input: CopyObjectInput,
  found: FoundObject,
): ObjectProperties {
  const { own, storageClass, source } = input;
  const { object } = found;
  const kept =
    input.directive === 'REPLACE'
      ? { headers: own.headers, metadata: own.metadata }
      : { headers: copiedHeaders(object.headers, own.headers), metadata: object.metadata };
  const tags =
    input.tagging === 'REPLACE' ? own.tags : copiedTags(context, caller, { source, found });
  return { ...kept, storageClass, tags };
}

/** S3 copies no redirect: it is the request's or there is none. */
function copiedHeaders(
  source: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const headers = Object.entries(source).filter(([name]) => name !== REDIRECT);
  const redirect = own[REDIRECT];
  return {
    ...Object.fromEntries(headers),
    ...(redirect !== undefined && { [REDIRECT]: redirect }),
  };
}

/** Copying tags needs the permission to read them; there may be none. */
function copiedTags(
  context: S3Context,
  caller: Principal,
  { source, found }: { readonly source: ObjectAddress; readonly found: FoundObject },
): ObjectProperties['tags'] {
  if (found.object.tags.length === 0) return undefined;
  const action =
    source.versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
  const conditions = objectContext(found.object, source.versionId);
  authorize(context, caller, action, s3Arn(source.bucket, source.key), conditions);
  return found.object.tags;
}
