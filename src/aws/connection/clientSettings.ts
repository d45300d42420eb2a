import { isAwsHost } from '../awsHosts.ts';
import { CLIENT_OPTIONS, type ClientOptions } from './clientOptions.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import { SERVICES, type Service } from './services.ts';

/** What the clients of a connection are built from, besides Region and credentials. */
export interface ClientSettings {
  /** The services that are not at AWS's own address. */
  readonly endpoints: Readonly<Partial<Record<Service, string>>>;
  readonly options: ClientOptions;
}

/** The values of a connection's settings, without where they come from. */
export function clientSettings(
  settings: ConnectionSettings,
  endpoints: ConnectionSettings['endpoints'] = settings.endpoints,
): ClientSettings {
  const options = valuesOf(settings.options) as unknown as ClientOptions;
  return { endpoints: valuesOf(endpoints), options: { ...options, ...gentleChecksums(settings) } };
}

/**
 * Many S3-compatible services refuse, or store as data, the checksums that the SDK adds by itself
 * since 2025. At another address than AWS's it adds them where S3 demands them, unless the profile or
 * the environment says otherwise.
 */
function gentleChecksums({ endpoints, options }: ConnectionSettings): Partial<ClientOptions> {
  const { s3 } = endpoints;
  if (s3 === undefined || isAwsHost(new URL(s3.value).host)) return {};
  const names = ['requestChecksumCalculation', 'responseChecksumValidation'] as const;
  const unset = names.filter(name => options[name].origin.kind === 'default');
  return Object.fromEntries(unset.map(name => [name, 'WHEN_REQUIRED']));
}

/** What counts where nothing is configured: one address for every service, or AWS's own. */
export function plainSettings(endpoint?: string): ClientSettings {
  const options = Object.entries(CLIENT_OPTIONS).map(([name, { otherwise }]) => [name, otherwise]);
  return {
    endpoints: endpoint === undefined ? {} : Object.fromEntries(SERVICES.map(id => [id, endpoint])),
    options: Object.fromEntries(options) as ClientOptions,
  };
}

function valuesOf(settings: object): Record<string, unknown> {
  const entries = Object.entries(settings as Record<string, { value: unknown } | undefined>);
  return Object.fromEntries(entries.map(([name, setting]) => [name, setting?.value]));
}

/**
 * The SDK's configuration for one service, with everything in it that a client would else look up in
 * the environment or the files by itself: another profile's endpoint, say. What is not set is a
 * provider of undefined, as the SDK takes undefined for "look it up".
 */
export function sdkSettings(service: Service, { endpoints, options }: ClientSettings) {
  const endpoint = endpoints[service];
  const atAws = endpoint === undefined;
  const isS3 = service === 's3';
  const none = (): Promise<undefined> => Promise.resolve(undefined);
  const { useArnRegion, userAgentAppId, sigv4aSigningRegionSet } = options;
  return {
    endpoint,
    ignoreConfiguredEndpointUrls: true,
    defaultsMode: 'standard' as const,
    retryMode: options.retryMode,
    maxAttempts: options.maxAttempts,
    // These are hosts of AWS's; as for the AWS CLI they are no concern of another address.
    useFipsEndpoint: atAws && options.useFipsEndpoint,
    useDualstackEndpoint:
      atAws && (options.useDualstackEndpoint || (isS3 && options.useS3DualstackEndpoint)),
    useArnRegion: useArnRegion ?? none,
    userAgentAppId: userAgentAppId ?? none,
    sigv4aSigningRegionSet: sigv4aSigningRegionSet ? [...sigv4aSigningRegionSet] : none,
    authSchemePreference: [...options.authSchemePreference],
    requestChecksumCalculation: options.requestChecksumCalculation,
    responseChecksumValidation: options.responseChecksumValidation,
    disableS3ExpressSessionAuth: options.disableS3ExpressSessionAuth,
    disableRequestCompression: options.disableRequestCompression,
    requestMinCompressionSizeBytes: options.requestMinCompressionSizeBytes,
    disableClockSkewCorrection: options.disableClockSkewCorrection,
  };
}

/** Only for S3 itself: how buckets are addressed. */
export function s3Settings({ endpoints, options }: ClientSettings) {
  const { useAccelerateEndpoint, disableMultiregionAccessPoints } = options;
  return {
    useAccelerateEndpoint,
    disableMultiregionAccessPoints,
    forcePathStyle: isPathStyle({ endpoints, options }),
  };
}

/** Whether a bucket's name stands in the path of its URLs, as botocore decides it. */
export function isPathStyle({ endpoints, options }: ClientSettings): boolean {
  const { addressingStyle, useAccelerateEndpoint } = options;
  if (useAccelerateEndpoint) return false;
  return endpoints.s3 === undefined ? addressingStyle === 'path' : addressingStyle !== 'virtual';
}

/** Whether an address is one of this computer alone; AWS's own is none. */
export function isThisComputer(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}
