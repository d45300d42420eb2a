import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { STSClient } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { validateAnswers } from './answers/validateAnswers.ts';
import { noService } from './answers/noService.ts';
import { bucketRegion, createBucketRegions, regionOfRedirect } from './bucketRegion.ts';
import { raceAbort } from './call.ts';
import {
  isThisComputer,
  plainSettings,
  s3Settings,
  sdkSettings,
  type ClientSettings,
} from './connection/clientSettings.ts';
import type { Service } from './connection/services.ts';
import { addContentMd5 } from './contentMd5.ts';
import { endWaiting } from './endWaiting.ts';
import { requestHandler, type ProxyEnvironment } from './requestHandler.ts';
import { retryUnquoted } from './unquotedETags.ts';

export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** `aws`, `aws-cn` …: the second part of every ARN of this account. */
  readonly partition: string;
}

/**
 * The SDK clients of one connection and account. They are built on first use and live until
 * `destroy()`.
 */
export interface AwsClients {
  /** What they are made of: another process makes its own of it. May hold secrets: never written down. */
  readonly config: ClientConfig;
  readonly region: string;
  /** Empty where it is unknown: at an S3-compatible service without STS. */
  readonly accountId: string;
  readonly partition: string;
  /** Set where the engine is not at AWS's own address. */
  readonly endpoint?: string;
  /** Whether Lambda's address is this computer's, so that a function's code is run on it. */
  readonly functionsRunHere: boolean;
  s3(region?: string): S3Client;
  /** The S3 client of the Region a bucket lives in; the Region is looked up once. */
  s3ForBucket(bucket: string, signal?: AbortSignal): Promise<S3Client>;
  /** The Region a bucket lives in; looked up once, and again after S3 has redirected a call. */
  regionOfBucket(bucket: string, signal?: AbortSignal): Promise<string>;
  /** What a listing said of a bucket's Region; undefined forgets it. */
  readonly rememberRegion: (bucket: string, region: string | undefined) => void;
  /** The Regions of the buckets whose Region is known by now, each once. */
  readonly knownRegions: () => readonly string[];
  /** Batch jobs live in one Region: that of the bucket with their manifest or objects. */
  s3Control(region?: string): S3ControlClient;
  iam(): IAMClient;
  sts(): STSClient;
  /** A function lives in one Region: that of the bucket whose events it gets. */
  lambda(region?: string): LambdaClient;
  /** For synchronous invocations: waits as long as a function may run, and never asks twice. */
  lambdaInvoke(region?: string): LambdaClient;
  /** Where a Region's metrics are. */
  cloudWatch(region?: string): CloudWatchClient;
  cloudTrail(region?: string): CloudTrailClient;
  /** CloudWatch Logs of a Region. */
  logs(region?: string): CloudWatchLogsClient;
  /** Whether no request is under way, and no answer is being read. */
  isUnused(): boolean;
  destroy(): void;
}

/** What the SDK takes as credentials: a provider that it asks again, or fixed values. */
export type Credentials = NonNullable<S3ClientConfig['credentials']>;

export interface ClientConfig {
  readonly region: string;
  /** Where every service is, if it is not at AWS's own address: `http://127.0.0.1:4100`. */
  readonly endpoint?: string;
  /** All else that a connection decides; counts instead of `endpoint`. */
  readonly settings?: ClientSettings;
  readonly credentials: Credentials;
  /** Base64 of an MD5, for services that may want one of every document. */
  readonly md5?: (text: string) => string;
  /** The proxies to use, where nobody else sees to it. */
  readonly proxyEnv?: ProxyEnvironment;
}

/** Makes the clients of one connection; nothing is sent and nothing is built before its use. */
export function createClients(
  config: ClientConfig,
  identity: Pick<CallerIdentity, 'accountId' | 'partition'>,
): AwsClients {
  const handler = requestHandler(undefined, config.proxyEnv);
  const settings = settingsOf(config);
  const endpoint = settings.endpoints.s3;
  const regional = new Map<string, S3Client>();
  const regions = createBucketRegions();
  const headerless = new Set<string>();
  const validate: Validate = client => endWaiting(validateAnswers(client, headerless));
  const lazy = lazyClients(config, handler, validate);

  const s3 = (region = config.region): S3Client => {
    const client = regional.get(region) ?? validate(s3Client(config, handler, region));
    if (!regional.has(region)) {
      forgetOnRedirect(client, regions.remember);
      regional.set(region, client);
    }
    return client;
  };
  const regionOfBucket = async (bucket: string, signal?: AbortSignal): Promise<string> =>
    endpoint === undefined
      ? raceAbort(
          // Others may wait for the same answer, so one who gives up does not stop it.
          regions.of(bucket, () => bucketRegion(s3(), bucket, config.region)),
          signal,
        )
      : config.region;

  return {
    config,
    region: config.region,
    accountId: identity.accountId,
    partition: identity.partition,
    endpoint,
    functionsRunHere: isThisComputer(settings.endpoints.lambda),
    s3,
    s3ForBucket: async (bucket, signal) => s3(await regionOfBucket(bucket, signal)),
    regionOfBucket,
    rememberRegion: regions.remember,
    knownRegions: regions.known,
    ...lazy,
    s3Control(region) {
      // S3 Batch Operations are an account's; a server that knows none has no jobs.
      if (identity.accountId !== '') return lazy.s3Control(region);
      throw noService(new URL(endpoint ?? 'https://aws').host, 'com.amazonaws.s3control');
    },
    isUnused: () => isIdle(handler) && !lazy.isInvoking(),
    destroy() {
      regional.forEach(client => client.destroy());
      lazy.destroy();
      handler.destroy();
    },
  };
}

/** Makes a client reject invalid answers. */
type Validate = <T extends { destroy(): void }>(client: T) => T;

function lazyClients(config: ClientConfig, handler: NodeHttpHandler, validate: Validate) {
  const { once, perRegion } = builders(config, validate);
  const invocations = requestHandler(INVOCATION_MS, config.proxyEnv);
  const shared = (service: Service, region = config.region) => ({
    ...sdkConfig(service, config, handler),
    region,
  });
  const control = perRegion(
    region => new S3ControlClient(controlConfig(shared('s3_control', region))),
  );
  const iam = once(() => new IAMClient(shared('iam')));
  const sts = once(() => new STSClient(shared('sts')));
  const lambda = perRegion(region => new LambdaClient(shared('lambda', region)));
  const invoke = perRegion(region => {
    const own = { maxAttempts: 1, requestHandler: invocations };
    return new LambdaClient({ ...shared('lambda', region), ...own });
  });
  const logs = perRegion(region => new CloudWatchLogsClient(shared('cloudwatch_logs', region)));
  const cloudWatch = perRegion(region => new CloudWatchClient(shared('cloudwatch', region)));
  const cloudTrail = perRegion(region => new CloudTrailClient(shared('cloudtrail', region)));
  return {
    s3Control: control.get,
    iam: iam.get,
    sts: sts.get,
    lambda: lambda.get,
    lambdaInvoke: invoke.get,
    cloudWatch: cloudWatch.get,
    cloudTrail: cloudTrail.get,
    logs: logs.get,
    isInvoking: () => !isIdle(invocations),
    destroy: () =>
      [control, iam, sts, lambda, invoke, cloudWatch, cloudTrail, logs].forEach(client =>
        client.destroy(),
      ),
  };
}

/** Clients are built on first use. */
function builders(config: ClientConfig, validate: Validate) {
  return {
    once: <T extends { destroy(): void }>(build: () => T) => {
      let built: T | undefined;
      return { get: () => (built ??= validate(build())), destroy: () => built?.destroy() };
    },
    perRegion: <T extends { destroy(): void }>(build: (region: string) => T) => {
      const built = new Map<string, T>();
      return {
        get: (region = config.region): T => {
          const client = built.get(region) ?? validate(build(region));
          built.set(region, client);
          return client;
        },
        destroy: () => built.forEach(client => client.destroy()),
      };
    },
  };
}

type SdkConfig = ReturnType<typeof sdkConfig>;

/** What all clients of a connection are made of. */
export function sdkConfig(service: Service, config: ClientConfig, handler: NodeHttpHandler) {
  return {
    ...sdkSettings(service, settingsOf(config)),
    region: config.region,
    credentials: config.credentials,
    requestHandler: handler,
  };
}

/** A connection's settings, or those that are only an endpoint. */
export function settingsOf({ settings, endpoint }: ClientConfig): ClientSettings {
  return settings ?? plainSettings(endpoint);
}

/** A function runs for at most 900 seconds (AWS Lambda developer guide, "Lambda quotas"). */
const INVOCATION_MS = 910_000;

/** Its agents know the sockets in use: those of requests, and of answers that are being read. */
function isIdle(handler: NodeHttpHandler): boolean {
  const { httpAgent, httpsAgent } = handler.httpHandlerConfigs();
  const held = [httpAgent, httpsAgent].flatMap((agent: unknown) => {
    const { sockets, requests } = (agent ?? {}) as { sockets?: object; requests?: object };
    return [...Object.keys(sockets ?? {}), ...Object.keys(requests ?? {})];
  });
  return held.length === 0;
}

function s3Client(config: ClientConfig, handler: NodeHttpHandler, region: string): S3Client {
  const own = s3Settings(settingsOf(config));
  const client = new S3Client({ ...sdkConfig('s3', config, handler), ...own, region });
  if (config.md5) {
    addContentMd5(client, config.md5);
    retryUnquoted(client);
  }
  return client;
}

/**
 * S3 Control's endpoint rules put `<account>.` before any host, custom ones included, and no
 * option of the client turns that off.
 */
function controlConfig<Config extends SdkConfig>(config: Config) {
  const { endpoint } = config;
  return endpoint === undefined
    ? config
    : { ...config, endpointProvider: () => ({ url: new URL(endpoint) }) };
}

/** A bucket that was deleted and made again elsewhere: S3's redirect says where it is now. */
function forgetOnRedirect(client: S3Client, remember: AwsClients['rememberRegion']): void {
  client.middlewareStack.add(
    next => async args => {
      try {
        return await next(args);
      } catch (error) {
        const bucket = 'Bucket' in args.input ? args.input.Bucket : undefined;
        const redirect = regionOfRedirect(error);
        if (typeof bucket === 'string' && redirect.redirected) {
          remember(bucket, redirect.region);
        }
        throw error;
      }
    },
    { step: 'initialize', name: 'forgetBucketRegion' },
  );
}
