/** The names of AWS's own servers. Nothing here loads the AWS SDK. */

/** DNS suffixes that differ from amazonaws.com, of botocore's partitions. */
const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** What botocore's partitions have besides those, for dual stack. */
const DUAL_STACK_SUFFIXES = [
  'api.aws',
  'api.amazonwebservices.com.cn',
  'api.aws.ic.gov',
  'api.aws.scloud',
  'api.cloud-aws.adc-e.uk',
  'api.aws.hci.ic.gov',
  'api.amazonwebservices.eu',
];

/** `amazonaws.com`, or what a partition has instead. */
export function dnsSuffix(partition: string): string {
  return DNS_SUFFIXES[partition] ?? 'amazonaws.com';
}

/** Whether a host (a port may follow) is one of AWS's: services, PrivateLink, dual stack. */
export function isAwsHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const suffixes = ['amazonaws.com', ...Object.values(DNS_SUFFIXES), ...DUAL_STACK_SUFFIXES];
  return suffixes.some(suffix => name.endsWith(`.${suffix}`));
}
