import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ConfigFault } from './connection/configProblem.ts';
import { isAwsHost } from './awsHosts.ts';
import { call, callError, type CallOptions } from './call.ts';
import {
  createClients,
  type AwsClients,
  type CallerIdentity,
  type ClientConfig,
} from './clients.ts';
import { md5InBase64 } from './md5.ts';
import { identify } from './identify.ts';
import { BrigadeError } from './errors.ts';
import { toBrigadeError } from './toBrigadeError.ts';

export interface OpenedClients {
  /** Its account is empty where the service knows no accounts. */
  readonly identity: CallerIdentity;
  readonly clients: AwsClients;
}

/**
 * The clients of a connection that answers, and whose they are by STS. Few S3-compatible services
 * have one, and what they say instead differs: there ListBuckets is the test of a connection.
 *
 * @throws BrigadeError `CredentialsMissing`, `CredentialsExpired`, `Network`, `NotAws` …
 */
export async function openClients(
  given: ClientConfig,
  options: CallOptions = {},
): Promise<OpenedClients> {
  const endpoint = foreignEndpoint(given);
  const config = endpoint === undefined ? given : { ...given, md5: md5InBase64 };
  try {
    const identity = await identify(config, options);
    return { identity, clients: createClients(config, identity) };
  } catch (error) {
    const { code, cause } = toBrigadeError(error);
    // Without credentials there is nothing to ask with; their process may have taken its whole time.
    if (endpoint === undefined || code === 'Cancelled' || cause instanceof ConfigFault) throw error;
    return await openByBuckets(config, endpoint, options);
  }
}

/** S3's address, where that is not one of AWS's. */
function foreignEndpoint({ settings, endpoint }: ClientConfig): string | undefined {
  const address = settings ? settings.endpoints.s3 : endpoint;
  return address === undefined || isAwsHost(new URL(address).host) ? undefined : address;
}

/** The account is unknown; the owner id that S3 answers distinguishes two sets of credentials. */
async function openByBuckets(
  config: ClientConfig,
  endpoint: string,
  options: CallOptions,
): Promise<OpenedClients> {
  const unknown = { accountId: '', arn: '', partition: 'aws' };
  const clients = createClients(config, unknown);
  try {
    return {
      identity: { ...unknown, userId: await bucketOwner(clients, endpoint, options) },
      clients,
    };
  } catch (error) {
    clients.destroy();
    throw callError(error, endpoint, options);
  }
}

async function bucketOwner(
  clients: AwsClients,
  endpoint: string,
  options: CallOptions,
): Promise<string> {
  try {
    const { Owner } = await call(endpoint, options, () =>
      clients.s3().send(new ListBucketsCommand({}), { abortSignal: options.signal }),
    );
    return Owner?.ID ?? '';
  } catch (error) {
    // A key for some buckets only is good, and may not list them.
    if (error instanceof BrigadeError && error.code === 'AccessDenied') return '';
    throw error;
  }
}
