import { l10n } from 'vscode';
import { bucketNameProblem, type BucketNameProblem } from '../../aws/buckets/bucketName.ts';

/** What is wrong with the name of a new bucket, as it is typed; undefined for one that S3 takes. */
export function bucketNameText(name: string, accountId: string): string | undefined {
  const problem = bucketNameProblem(name, accountId);
  return problem && problemText(problem, accountId);
}

function problemText(problem: BucketNameProblem, accountId: string): string {
  switch (problem.kind) {
    case 'tooShort':
      return l10n.t('Enter at least 3 characters.');
    case 'tooLong':
      return l10n.t('Enter at most 63 characters.');
    case 'upperCase':
      return l10n.t('Use lowercase letters only.');
    case 'characters':
      return l10n.t('Use only lowercase letters, digits, periods and hyphens.');
    case 'ends':
      return l10n.t('Begin and end with a letter or a digit.');
    case 'periods':
      return l10n.t('Don’t put two periods next to each other.');
    case 'besidePeriod':
      return l10n.t('Don’t put a hyphen next to a period.');
    case 'address':
      return l10n.t('A bucket name can’t look like an IP address.');
    case 'reservedStart':
      return l10n.t('Names that begin with “{0}” are reserved by AWS.', problem.words);
    case 'reservedEnd':
      return l10n.t('Names that end with “{0}” are reserved by AWS.', problem.words);
    case 'otherNamespace':
      return accountId === ''
        ? l10n.t('Names that end with “{0}” are reserved by AWS.', '-an')
        : l10n.t(
            'Names that end with “-an” are reserved for an account’s regional namespace: {0}',
            `…-${accountId}-us-east-1-an`,
          );
  }
}
