import { l10n } from 'vscode';
import type { BucketSetting, CheckReason, RequestLimit } from '../../aws/preflight/check.ts';
import { formatCount } from '../../vscode/formats.ts';

/** What CreateJob would refuse. */
export function limitText(limit: RequestLimit, most = 0): string {
  switch (limit) {
    case 'noOperation':
      return l10n.t('The job has no operation.');
    case 'manifestOrGenerator':
      return l10n.t('A job has either a Manifest or a ManifestGenerator.');
    case 'priority':
      return l10n.t('The priority must be a whole number from 0 to {0}.', formatCount(2147483647));
    case 'description':
      return l10n.t(
        'A description can have 1 to {0} characters, or be omitted.',
        formatCount(most),
      );
    case 'roleArn':
      return l10n.t('RoleArn isn’t the ARN of an IAM role.');
    case 'reportPrefix':
      return l10n.t(
        'A report prefix can have 1 to {0} characters, or be omitted.',
        formatCount(most),
      );
    case 'reportFormat':
      return l10n.t('A report needs Format ({0}) and ReportScope.', 'Report_CSV_20180820');
    case 'jobTags':
      return l10n.t(
        'A job has up to {0} tags of letters, digits, spaces and + - = . _ : / @.',
        formatCount(most),
      );
    case 'keyFilter':
      return l10n.t('A prefix or suffix can have 1 to {0} characters.', formatCount(most));
    case 'requestToken':
      return l10n.t('ClientRequestToken has 1 to {0} characters.', formatCount(most));
  }
}

type Elsewhere = Extract<CheckReason, { readonly kind: 'otherRegion' }>;

/** What lies in another Region than the job. */
export function regionText({ part, region, jobRegion }: Elsewhere): string {
  switch (part) {
    case 'manifest':
      return l10n.t('The manifest is in {0}, but the job must be in {1}.', region, jobRegion);
    case 'objects':
      return l10n.t('Objects are in {0}, but the job must be in {1}.', region, jobRegion);
    case 'report':
      return l10n.t(
        'The report’s bucket is in {0}, but the job must be in {1}.',
        region,
        jobRegion,
      );
    case 'function':
      return l10n.t('The function is in {0}, but the job must be in {1}.', region, jobRegion);
  }
}

/** Whether a bucket has what the operation needs of it. */
export function settingText(setting: BucketSetting, isOn: boolean): string {
  switch (setting) {
    case 'objectLock':
      return isOn
        ? l10n.t('Object Lock is turned on.')
        : l10n.t('Object Lock isn’t turned on: every task would fail.');
    case 'acls':
      return isOn
        ? l10n.t('ACLs are enabled.')
        : l10n.t('The bucket owner owns all objects, so ACLs are disabled: every task would fail.');
    case 'replication':
      return isOn
        ? l10n.t(
            'The bucket has a replication rule. Objects that it doesn’t match aren’t replicated.',
          )
        : l10n.t('The bucket has no replication rule that is enabled: every task would fail.');
  }
}
