import { l10n } from 'vscode';
import type { ConnectionSettings } from '../aws/connection/connectionSettings.ts';
import type { CredentialSource } from '../aws/connection/credentialSource.ts';
import { SERVICES, type Service } from '../aws/connection/services.ts';
import type { Origin } from '../aws/connection/setting.ts';
import { shortPath } from './shortPath.ts';

/** Names of AWS's: not translated. */
export const SERVICE_NAMES: Readonly<Record<Service, string>> = {
  s3: 'Amazon S3',
  s3_control: 'Amazon S3 Control',
  sts: 'AWS STS',
  iam: 'AWS IAM',
  lambda: 'AWS Lambda',
  cloudwatch: 'Amazon CloudWatch',
  cloudwatch_logs: 'Amazon CloudWatch Logs',
  cloudtrail: 'AWS CloudTrail',
  sso: 'IAM Identity Center',
  sso_oidc: 'IAM Identity Center OIDC',
  signin: 'AWS Sign-In',
};

/** Where a value comes from: `~/.aws/config [profile prod] region`. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${shortPath(origin.file)} [${origin.section}] ${origin.key}`;
    case 'environment':
      return l10n.t('environment variable {0}', origin.variable);
    case 'chosen':
      return l10n.t('selected in VS Code');
    case 'default':
      return l10n.t('default');
  }
}

/** The links of the chain that credentials come by, each with where it is said; no keys. */
export function chainTexts(source: CredentialSource): { said: string; origin: Origin }[] {
  const link = { said: linkText(source), origin: source.origin };
  return source.kind === 'role' ? [link, ...chainTexts(source.source)] : [link];
}

function linkText(source: CredentialSource): string {
  switch (source.kind) {
    case 'keys':
      return l10n.t('Access key');
    case 'role':
      return source.mfaSerial === undefined
        ? l10n.t('Role {0}', source.roleArn)
        : l10n.t('Role {0}, with MFA device {1}', source.roleArn, source.mfaSerial);
    case 'webIdentity':
      return l10n.t('Role {0}, by the token in {1}', source.roleArn, shortPath(source.tokenFile));
    case 'sso':
      return l10n.t(
        'IAM Identity Center: role {0} of account {1}, signed in at {2}',
        source.roleName,
        source.accountId,
        source.startUrl,
      );
    case 'login':
      return l10n.t('{0} as {1}', 'aws login', source.session);
    case 'process':
      return l10n.t('Program {0}', programOf(source.command));
    case 'container':
      return l10n.t('Role of this container');
    case 'instance':
      return l10n.t('Instance role, from {0}', source.metadata.endpoint);
    case 'none':
      return l10n.t('None');
  }
}

/** Without its arguments, which may hold a secret. */
function programOf(command: string): string {
  const [, quoted, bare] = /^\s*(?:"([^"]*)"|(\S+))/.exec(command) ?? [];
  return shortPath(quoted ?? bare ?? '');
}

/** The services at an address of their own; those that share one and its origin, in one row. */
export function endpointRows(
  endpoints: ConnectionSettings['endpoints'],
): { services: string; address: string; origin: Origin }[] {
  const rows = new Map<string, { services: string[]; address: string; origin: Origin }>();
  for (const [id, endpoint] of Object.entries(endpoints)) {
    const { value: address, origin } = endpoint;
    const key = `${address}\n${originText(origin)}`;
    const row = rows.get(key) ?? { services: [], address, origin };
    row.services.push(SERVICE_NAMES[id as Service]);
    rows.set(key, row);
  }
  return [...rows.values()].map(row => ({
    ...row,
    services:
      row.services.length === SERVICES.length ? l10n.t('All services') : row.services.join(', '),
  }));
}
