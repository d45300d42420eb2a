/**
 * The services we call ourselves or to get credentials, by the names that `services` sections and
 * AWS_ENDPOINT_URL_<SERVICE> know them by (AWS SDKs reference guide, "Service-specific endpoints").
 */
export const SERVICES = [
  's3',
  's3_control',
  'sts',
  'iam',
  'lambda',
  'cloudwatch',
  'cloudwatch_logs',
  'cloudtrail',
  'sso',
  'sso_oidc',
  'signin',
] as const;

export type Service = (typeof SERVICES)[number];
