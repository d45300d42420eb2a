/** The rules by which the AWS SDK finds S3's address, as far as a function in Lambda needs them. */

type Environment = Readonly<Record<string, string | undefined>>;

/** Where S3 is, without a bucket. */
export interface S3Settings {
  readonly region: string;
  /** Set where S3 is not at AWS's own address: `http://127.0.0.1:4100`. */
  readonly endpoint: string | undefined;
  readonly fips: boolean;
  readonly dualStack: boolean;
}

/** Where a request goes, and what of the bucket stands in its path. */
export interface BucketAddress {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  /** Empty: the protocol's own. */
  readonly port: string;
  /** Empty, or `/bucket`; without a slash at its end. */
  readonly path: string;
}

/** DNS suffixes of the partitions that have one of their own, by how their Regions begin. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
  [/^eusc-/, 'amazonaws.eu'],
];

/** Lambda gives a function its Region; the other variables are those of all AWS SDKs. */
export function s3Settings(environment: Environment): S3Settings {
  const isOn = (name: string): boolean => environment[name]?.toLowerCase() === 'true';
  const ignored = isOn('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS');
  const own = environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'];
  return {
    region: environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1',
    endpoint: ignored ? undefined : own || undefined,
    fips: isOn('AWS_USE_FIPS_ENDPOINT'),
    dualStack: isOn('AWS_USE_DUALSTACK_ENDPOINT'),
  };
}

/**
 * The address of a bucket in a Region. Its name stands before the host, but in the path where a host of
 * that name can't be: at an IP address, and with a dot, which no certificate of S3 covers.
 */
export function addressOf(settings: S3Settings, bucket: string, region: string): BucketAddress {
  const { protocol, hostname, port, pathname } = new URL(
    settings.endpoint ?? `https://${awsHost(settings, region)}`,
  );
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new Error(`AWS_ENDPOINT_URL: ${protocol} is neither http: nor https:`);
  }
  const path = pathname.replace(/\/$/, '');
  const isIp = /^\[|^\d+(\.\d+){3}$/.test(hostname);
  const isLabel = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket);
  return isIp || !isLabel
    ? { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, path: `${path}/${bucket}` }
    : { protocol, hostname: `${bucket}.${hostname}`, port, path };
}

function awsHost({ fips, dualStack }: S3Settings, region: string): string {
  const suffix = SUFFIXES.find(([regions]) => regions.test(region))?.[1] ?? 'amazonaws.com';
  return [fips ? 's3-fips' : 's3', ...(dualStack ? ['dualstack'] : []), region, suffix].join('.');
}
