import type { Grant, Owner } from '@aws-sdk/client-s3';
import { l10n } from 'vscode';

/** Who owns something; services may name it, AWS gives an id only. */
export function describeOwner(owner: Owner | undefined): string {
  return owner?.DisplayName ?? owner?.ID ?? l10n.t('Unknown');
}

interface AccessList {
  readonly Owner?: Owner | undefined;
  readonly Grants?: readonly Grant[] | undefined;
}

/** An access control list: whom it lets do what. */
export function describeGrants({ Owner, Grants = [] }: AccessList): string {
  const others = Grants.filter(
    ({ Grantee, Permission }) =>
      Permission !== undefined && (Permission !== 'FULL_CONTROL' || Grantee?.ID !== Owner?.ID),
  );
  if (others.length === 0) return l10n.t('Only its owner');
  return others
    .map(({ Grantee, Permission }) => {
      const who = Grantee?.URI?.split('/').at(-1) ?? Grantee?.DisplayName ?? Grantee?.ID ?? '?';
      return l10n.t('{0}: {1}', who, Permission ?? '?');
    })
    .join(', ');
}
