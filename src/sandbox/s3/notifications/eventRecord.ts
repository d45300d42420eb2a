import type { Principal } from '../../principal.ts';
import type { SandboxRequest } from '../../request.ts';
import { requestIds } from '../../request.ts';
import type { Bucket } from '../store/buckets.ts';
import { s3Arn } from '../s3Call.ts';

/** What happened, in S3's words without their `s3:`. */
export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'ObjectRestore:Post'
  | 'ObjectRestore:Completed'
  | 'ObjectRestore:Delete'
  | 'ObjectAcl:Put'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete';

/** The request that made a change; what happens inside the sandbox has none. */
export type EventRequest = Pick<SandboxRequest, 'requestId' | 'extendedRequestId' | 'headers'>;

/** Who made a change, and by which request; nobody when S3 itself did. */
export interface EventOrigin {
  readonly caller?: Principal;
  readonly request?: EventRequest;
}

/** A change of an object that may be told to someone. */
export interface ObjectEvent {
  readonly name: EventName;
  readonly bucket: Bucket;
  readonly key: string;
  /** `null` (the word) for what has none. */
  readonly versionId: string;
  /** In bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly time: Date;
  readonly origin: EventOrigin;
  /** Of a restored copy: until when it is there, and of which class the object is. */
  readonly restored?: { readonly expiry: Date; readonly storageClass: string };
}

/** An empty body's: what S3 tells of a delete marker. */
const EMPTY_ETAG = 'd41d8cd98f00b204e9800998ecf8427e';

/** Events of which AWS documents another version than 2.1. */
const NEWER = /^(ObjectAcl:|ObjectTagging:|ObjectRestore:Delete$)/;

/** The sandbox listens nowhere else. */
const CALLER_ADDRESS = '127.0.0.1';
const ITSELF = 's3.amazonaws.com';

/**
 * A key as events tell it and filters are written: form-encoded, but for its slashes.
 * (S3 user guide, "Event message structure": "The object key is URL encoded".)
 */
export function encodeEventKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/**
 * The record of an event for one rule (S3 user guide, "Event message structure").
 * @param configurationId the rule's id
 * @param accountId the bucket's owner
 */
export function eventRecord(
  event: ObjectEvent,
  configurationId: string,
  accountId: string,
): Record<string, unknown> {
  const { name, bucket, time, origin } = event;
  const { requestId, extendedRequestId } = origin.request ?? requestIds();
  return {
    eventVersion: NEWER.test(name) ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: time.toISOString(),
    eventName: name,
    userIdentity: { principalId: principalOf(origin, accountId) },
    requestParameters: { sourceIPAddress: origin.request ? CALLER_ADDRESS : ITSELF },
    responseElements: { 'x-amz-request-id': requestId, 'x-amz-id-2': extendedRequestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: `A3${accountId}` },
        arn: s3Arn(bucket.name),
      },
      object: objectOf(event),
    },
    ...glacierEventData(event),
  };
}

/** What S3 does by itself is the bucket owner's, as recorded of AWS. */
function principalOf({ caller }: EventOrigin, accountId: string): string {
  if (!caller) return `AmazonCustomer:A3${accountId}`;
  return caller.kind === 'anonymous' ? caller.userId : `AWS:${caller.userId}`;
}

/** Only told of a copy that was restored. */
function glacierEventData({ restored }: ObjectEvent): Record<string, unknown> {
  if (!restored) return {};
  const restoreEventData = {
    lifecycleRestorationExpiryTime: restored.expiry.toISOString(),
    lifecycleRestoreStorageClass: restored.storageClass,
  };
  return { glacierEventData: { restoreEventData } };
}

/** Each kind of event tells other things of the object. */
function objectOf(event: ObjectEvent): Record<string, unknown> {
  const key = encodeEventKey(event.key);
  const version = event.versionId === 'null' ? {} : { versionId: event.versionId };
  const { name, size, eTag } = event;
  if (/^Object(Acl|Tagging):/.test(name)) return { key, eTag, ...version };
  const sequencer = nextSequencer();
  if (name === 'ObjectRemoved:Delete') return { key, ...version, sequencer };
  if (name === 'ObjectRemoved:DeleteMarkerCreated') {
    return { key, eTag: EMPTY_ETAG, ...version, sequencer };
  }
  return { key, size, eTag, ...version, sequencer };
}

let lastSequencer = 0;

/**
 * Hexadecimal that grows with every change of a key, across restarts too: the time, in units of which
 * a millisecond has 4096.
 */
function nextSequencer(): string {
  lastSequencer = Math.max(lastSequencer + 1, Date.now() * 4096);
  return lastSequencer.toString(16).toUpperCase().padStart(18, '0');
}
