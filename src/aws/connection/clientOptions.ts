/**
 * Every option but Region, endpoint and credentials that the SDK's clients would else look up in the
 * environment and in the files by themselves, under the SDK's own names; and what decides how S3 is
 * addressed. A test holds them against the SDK.
 */
export interface ClientOptions {
  readonly addressingStyle: 'auto' | 'path' | 'virtual';
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
  readonly useS3DualstackEndpoint: boolean;
  readonly useAccelerateEndpoint: boolean;
  readonly useArnRegion: boolean | undefined;
  readonly disableMultiregionAccessPoints: boolean;
  readonly disableS3ExpressSessionAuth: boolean;
  readonly retryMode: 'standard' | 'adaptive';
  readonly maxAttempts: number;
  readonly requestChecksumCalculation: Checksums;
  readonly responseChecksumValidation: Checksums;
  readonly sigv4aSigningRegionSet: readonly string[] | undefined;
  readonly authSchemePreference: readonly string[];
  readonly disableRequestCompression: boolean;
  readonly requestMinCompressionSizeBytes: number;
  readonly disableClockSkewCorrection: boolean;
  readonly userAgentAppId: string | undefined;
}

type Checksums = 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';

export interface Option<T> {
  readonly variables?: readonly string[];
  /** `s3.addressing_style`: a key below `s3 =`. */
  readonly keys?: readonly string[];
  readonly otherwise: T;
  /** Undefined for what can't be used. */
  readonly read: (text: string) => T | undefined;
  /** What can be used, for people. */
  readonly expected?: string;
}

/** Any other word is a no, as for the AWS CLI. */
const flag = (text: string): boolean => text.toLowerCase() === 'true';
const list = (text: string): string[] =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
const numberIn =
  (least: number, most: number) =>
  (text: string): number | undefined => {
    const number = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
    return number >= least && number <= most ? number : undefined;
  };
const checksums = (text: string): Checksums | undefined =>
  (['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const).find(word => word === text.toUpperCase());

export const CLIENT_OPTIONS: {
  readonly [Name in keyof ClientOptions]: Option<ClientOptions[Name]>;
} = {
  addressingStyle: {
    keys: ['s3.addressing_style'],
    otherwise: 'auto',
    read: text => (['auto', 'path', 'virtual'] as const).find(style => style === text) ?? 'auto',
  },
  useFipsEndpoint: {
    variables: ['AWS_USE_FIPS_ENDPOINT'],
    keys: ['use_fips_endpoint'],
    otherwise: false,
    read: flag,
  },
  useDualstackEndpoint: {
    variables: ['AWS_USE_DUALSTACK_ENDPOINT'],
    keys: ['use_dualstack_endpoint'],
    otherwise: false,
    read: flag,
  },
  useS3DualstackEndpoint: {
    keys: ['s3.use_dualstack_endpoint'],
    otherwise: false,
    read: flag,
  },
  useAccelerateEndpoint: {
    keys: ['s3.use_accelerate_endpoint'],
    otherwise: false,
    read: flag,
  },
  useArnRegion: {
    variables: ['AWS_S3_USE_ARN_REGION'],
    keys: ['s3_use_arn_region', 's3.use_arn_region'],
    otherwise: undefined,
    read: flag,
  },
  disableMultiregionAccessPoints: {
    variables: ['AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS'],
    keys: ['s3_disable_multiregion_access_points', 's3.s3_disable_multiregion_access_points'],
    otherwise: false,
    read: flag,
  },
  disableS3ExpressSessionAuth: {
    variables: ['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH'],
    keys: ['s3_disable_express_session_auth'],
    otherwise: false,
    read: flag,
  },
  retryMode: {
    variables: ['AWS_RETRY_MODE'],
    keys: ['retry_mode'],
    otherwise: 'standard',
    // The SDK has no legacy mode.
    read: text =>
      text === 'legacy'
        ? 'standard'
        : (['standard', 'adaptive'] as const).find(mode => mode === text),
    expected: 'standard, adaptive',
  },
  maxAttempts: {
    variables: ['AWS_MAX_ATTEMPTS'],
    keys: ['max_attempts'],
    otherwise: 3,
    read: numberIn(1, 1000),
    expected: '3',
  },
  requestChecksumCalculation: {
    variables: ['AWS_REQUEST_CHECKSUM_CALCULATION'],
    keys: ['request_checksum_calculation'],
    otherwise: 'WHEN_SUPPORTED',
    read: checksums,
    expected: 'when_supported, when_required',
  },
  responseChecksumValidation: {
    variables: ['AWS_RESPONSE_CHECKSUM_VALIDATION'],
    keys: ['response_checksum_validation'],
    otherwise: 'WHEN_SUPPORTED',
    read: checksums,
    expected: 'when_supported, when_required',
  },
  sigv4aSigningRegionSet: {
    variables: ['AWS_SIGV4A_SIGNING_REGION_SET'],
    keys: ['sigv4a_signing_region_set'],
    otherwise: undefined,
    read: list,
  },
  authSchemePreference: {
    variables: ['AWS_AUTH_SCHEME_PREFERENCE'],
    keys: ['auth_scheme_preference'],
    otherwise: [],
    read: list,
  },
  disableRequestCompression: {
    variables: ['AWS_DISABLE_REQUEST_COMPRESSION'],
    keys: ['disable_request_compression'],
    otherwise: false,
    read: flag,
  },
  requestMinCompressionSizeBytes: {
    variables: ['AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES'],
    keys: ['request_min_compression_size_bytes'],
    otherwise: 10_240,
    read: numberIn(0, 10_485_760),
    expected: '10240',
  },
  disableClockSkewCorrection: {
    variables: ['AWS_DISABLE_CLOCK_SKEW_CORRECTION'],
    keys: ['disable_clock_skew_correction'],
    otherwise: false,
    read: flag,
  },
  userAgentAppId: {
    variables: ['AWS_SDK_UA_APP_ID'],
    keys: ['sdk_ua_app_id'],
    otherwise: undefined,
    read: text => (text.length <= 50 ? text : undefined),
    expected: '1–50',
  },
};
