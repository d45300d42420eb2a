import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { isInvalidDestination, nameDestinations } from './invalidDestinations.ts';
import { onlyRemoves, sameConfiguration } from './notificationConfiguration.ts';
import { firstUnknownElement } from './notificationXml.ts';
import { readResponseText } from '../answers/responseText.ts';
import { formatS3Uri } from '../s3Uri.ts';

/**
 * What a bucket notifies, as the SDK gives it.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketNotification), `NotFound` …
 */
export async function readNotifications(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<NotificationConfiguration> {
  return (await read(clients, bucket, options)).configuration;
}

interface Reading {
  readonly configuration: NotificationConfiguration;
  /** An element of the answer that the SDK does not know and therefore left out. */
  readonly unknown?: string;
}

async function read(clients: AwsClients, bucket: string, options: CallOptions): Promise<Reading> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
  const text = readResponseText(command);
  const output = await call(formatS3Uri({ bucket }), options, async () => {
    const client = await clients.s3ForBucket(bucket, options.signal);
    return await client.send(command, { abortSignal: options.signal });
  });
  const configuration: Partial<typeof output> = { ...output };
  delete configuration.$metadata;
  return { configuration, unknown: firstUnknownElement(text()) };
}

export interface NotificationChange {
  readonly bucket: string;
  /**
   * Makes the configuration that is wanted of the one that is there. It is called again whenever
   * someone else has changed the bucket meanwhile, and once more on what S3 says afterwards; of a
   * configuration that is as it should be it returns that one itself, and then nothing is written.
   */
  readonly change: (current: NotificationConfiguration) => NotificationConfiguration;
  /** A destination was permitted a moment ago, and S3 may not see it yet: ask it again for a while. */
  readonly permissionIsNew?: boolean;
}

/** How often a change is started again because the bucket was changed by someone else. */
const MAX_ROUNDS = 4;

/**
 * Changes what a bucket notifies without losing what others put there. S3 replaces the whole
 * configuration and knows no condition for it (API reference, PutBucketNotificationConfiguration),
 * so: read, change, read again just before writing, write, read back.
 *
 * @returns the configuration as S3 says it is now
 * @throws BrigadeError `InvalidInput` when S3 refuses it, or before anything is written when the
 *   configuration holds something that would be lost; `Conflict` when others keep changing it;
 *   `AccessDenied` …
 */
export async function changeNotifications(
  clients: AwsClients,
  input: NotificationChange,
  options: CallOptions = {},
): Promise<NotificationConfiguration> {
  const { bucket, change } = input;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = await readWhole(clients, bucket, options);
    const wanted = change(before);
    if (wanted === before) return before;
    // Between these two requests someone else's write is lost: S3 has no way to prevent that.
    const meanwhile = await readWhole(clients, bucket, options);
    if (!sameConfiguration(before, meanwhile)) continue;
    const written = { configuration: wanted, addsNothing: onlyRemoves(before, wanted) };
    if (!(await write(clients, input, written, options))) continue;
    const after = await readBack(clients, input, options);
    if (after) return after;
  }
  throw new BrigadeError('Conflict', 'The event notifications are being changed by someone else', {
    subject: formatS3Uri({ bucket }),
    problem: { kind: 'notificationsChanging' },
  });
}

/** Writing it back would delete what the SDK does not know; so it is not even changed. */
async function readWhole(
  clients: AwsClients,
  bucket: string,
  options: CallOptions,
): Promise<NotificationConfiguration> {
  const { configuration, unknown } = await read(clients, bucket, options);
  if (unknown === undefined) return configuration;
  throw new BrigadeError(
    'InvalidInput',
    `The event notifications hold <${unknown}>, which would be lost. Nothing was changed`,
    {
      subject: formatS3Uri({ bucket }),
      problem: { kind: 'unknownNotifications', element: `<${unknown}>` },
    },
  );
}

const PERMISSION_WAITS_MS = [500, 1000, 2000, 4000, 8000];

interface Written {
  readonly configuration: NotificationConfiguration;
  readonly addsNothing: boolean;
}

/**
 * S3 looks at every destination of the whole configuration: two entries whose functions are gone could
 * not even be removed one by one. What only removes needs no such look.
 *
 * @returns false when S3 is busy with another change of the bucket
 */
async function write(
  clients: AwsClients,
  { bucket, permissionIsNew = false }: NotificationChange,
  { configuration, addsNothing: removesOnly }: Written,
  options: CallOptions,
): Promise<boolean> {
  const command = new PutBucketNotificationConfigurationCommand({
    Bucket: bucket,
    NotificationConfiguration: configuration,
    ...(removesOnly && { SkipDestinationValidation: true }),
  });
  const subject = formatS3Uri({ bucket });
  for (let attempt = 0; ; attempt++) {
    try {
      await call(subject, options, async () => {
        const client = await clients.s3ForBucket(bucket, options.signal);
        await client.send(command, { abortSignal: options.signal });
      });
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      const wait = PERMISSION_WAITS_MS[attempt];
      if (!isInvalidDestination(error)) throw error;
      if (!permissionIsNew || wait === undefined) throw nameDestinations(error);
      await call(subject, options, () => delay(wait, undefined, { signal: options.signal }));
    }
  }
}

/** AWS: "A conflicting conditional operation is currently in progress against this resource." */
function isBusy(error: unknown): boolean {
  return error instanceof BrigadeError && error.awsCode === 'OperationAborted';
}

const READ_BACK_WAITS_MS = [0, 250, 500, 1000];

/** What S3 says after the write; undefined when the change is not in it, even after a while. */
async function readBack(
  clients: AwsClients,
  { bucket, change }: NotificationChange,
  options: CallOptions,
): Promise<NotificationConfiguration | undefined> {
  for (const wait of READ_BACK_WAITS_MS) {
    await call(formatS3Uri({ bucket }), options, () =>
      delay(wait, undefined, { signal: options.signal }),
    );
    const configuration = await readNotifications(clients, bucket, options);
    if (change(configuration) === configuration) return configuration;
  }
  return undefined;
}
