import type {
  GetBucketNotificationConfigurationCommandOutput,
  GetBucketWebsiteCommandOutput,
  ObjectLockConfiguration,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { l10n } from 'vscode';
import { formatList } from '../../vscode/formats.ts';

export function describeVersioning({ status }: { readonly status: string }): string {
  return status === 'Enabled' ? l10n.t('On') : l10n.t('Suspended: existing versions are kept');
}

export function describeEncryption({
  ApplyServerSideEncryptionByDefault: byDefault,
  BucketKeyEnabled,
}: ServerSideEncryptionRule): string {
  const { SSEAlgorithm = '?', KMSMasterKeyID } = byDefault ?? {};
  if (SSEAlgorithm === 'AES256') return l10n.t('AES256 (SSE-S3)');
  const key = KMSMasterKeyID ?? 'aws/s3';
  return BucketKeyEnabled
    ? l10n.t('{0} with the key {1} and a bucket key', SSEAlgorithm, key)
    : l10n.t('{0} with the key {1}', SSEAlgorithm, key);
}

/** Which of the four blocks are on. */
export function describeBlocks(blocks: PublicAccessBlockConfiguration): string {
  const all = {
    BlockPublicAcls: blocks.BlockPublicAcls,
    IgnorePublicAcls: blocks.IgnorePublicAcls,
    BlockPublicPolicy: blocks.BlockPublicPolicy,
    RestrictPublicBuckets: blocks.RestrictPublicBuckets,
  };
  const on = Object.entries(all).flatMap(([name, isOn]) => (isOn ? [name] : []));
  if (on.length === 4) return l10n.t('On');
  return on.length === 0 ? l10n.t('Off') : l10n.t('Partly on: {0}', formatList(on));
}

export function ownershipText(ownership: string): string {
  return ownership === 'BucketOwnerEnforced'
    ? l10n.t('BucketOwnerEnforced: ACLs are disabled')
    : l10n.t('{0}: ACLs are enabled', ownership);
}

export function describeLock({ ObjectLockEnabled, Rule }: ObjectLockConfiguration): string {
  if (ObjectLockEnabled !== 'Enabled') return l10n.t('Off');
  const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
  if (Mode === undefined) return l10n.t('On, without a default retention');
  return Years === undefined
    ? l10n.t('On; new objects: {0} for {1} days', Mode, Days ?? '?')
    : l10n.t('On; new objects: {0} for {1} years', Mode, Years);
}

/** How many rules there are, and how many of them are off. */
export function rulesText(rules: readonly object[]): string {
  const off = rules.filter(rule => 'Status' in rule && rule.Status === 'Disabled').length;
  const all = rules.length === 1 ? l10n.t('1 rule') : l10n.t('{0} rules', rules.length);
  return off === 0 ? all : l10n.t('{0}, {1} of them disabled', all, off);
}

export function describeNotifications({
  LambdaFunctionConfigurations: functions = [],
  QueueConfigurations: queues = [],
  TopicConfigurations: topics = [],
  EventBridgeConfiguration: bridge,
}: GetBucketNotificationConfigurationCommandOutput): string {
  const parts = [
    ...(functions.length > 0 ? [l10n.t('Lambda functions: {0}', functions.length)] : []),
    ...(queues.length > 0 ? [l10n.t('SQS queues: {0}', queues.length)] : []),
    ...(topics.length > 0 ? [l10n.t('SNS topics: {0}', topics.length)] : []),
    ...(bridge ? [l10n.t('Amazon EventBridge')] : []),
  ];
  return parts.length === 0 ? l10n.t('Not configured') : parts.join(', ');
}

export function describeWebsite({
  IndexDocument,
  ErrorDocument,
  RedirectAllRequestsTo: redirect,
}: GetBucketWebsiteCommandOutput): string {
  if (redirect) return l10n.t('Redirects all requests to {0}', redirect.HostName ?? '?');
  const index = IndexDocument?.Suffix ?? '?';
  return ErrorDocument?.Key === undefined
    ? l10n.t('Index {0}', index)
    : l10n.t('Index {0}, errors {1}', index, ErrorDocument.Key);
}
