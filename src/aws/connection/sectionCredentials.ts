import type { ConfigFiles, Section } from './configFiles.ts';
import { configError } from './configProblem.ts';
import type { CredentialSource } from './credentialSource.ts';
import { lookUp, missingSection } from './lookUp.ts';
import type { Setting } from './setting.ts';

type Finder = (section: Section, files: ConfigFiles) => CredentialSource | undefined;

/** What one section says of by itself, in the CLI's order; roles come before. */
export function ofSection(section: Section, files: ConfigFiles): CredentialSource | undefined {
  const finders: readonly Finder[] = [
    tokenOf,
    ssoOf,
    keysIn('credentials'),
    loginOf,
    processOf,
    keysIn('config'),
  ];
  for (const find of finders) {
    const found = find(section, files);
    if (found) return found;
  }
  return undefined;
}

/** A section's value under a key. */
export function value(section: Section, key: string): Setting<string> | undefined {
  return lookUp(section, {})({ keys: [key] });
}

function tokenOf(section: Section): CredentialSource | undefined {
  const tokenFile = value(section, 'web_identity_token_file');
  if (!tokenFile) return undefined;
  const { role_arn: roleArn } = demand(section, ['role_arn']);
  return {
    ...{ kind: 'webIdentity', tokenFile: tokenFile.value, roleArn, origin: tokenFile.origin },
    sessionName: value(section, 'role_session_name')?.value,
  };
}

/** As botocore's SSOProvider: a role name or account id makes it a sign-in. */
function ssoOf(section: Section, { ssoSessions }: ConfigFiles): CredentialSource | undefined {
  const session = value(section, 'sso_session');
  const found = session ?? value(section, 'sso_account_id') ?? value(section, 'sso_role_name');
  if (!found) return undefined;
  const shared = session && ssoSessions.get(session.value);
  if (session && !shared) throw missingSection(session, `sso-session ${session.value}`);
  const [problem] = shared?.problems ?? [];
  if (problem) throw configError(problem);
  const own = demand(section, ['sso_account_id', 'sso_role_name']);
  const { sso_start_url: startUrl, sso_region: region } = demand(shared ?? section, [
    'sso_start_url',
    'sso_region',
  ]);
  for (const key of ['sso_start_url', 'sso_region']) {
    const here = value(section, key);
    if (shared && here && here.value !== value(shared, key)?.value) {
      const other = `sso-session ${shared.name}`;
      throw configError({ kind: 'differs', file: section.file, section: section.name, key, other });
    }
  }
  return {
    ...{ kind: 'sso', profile: section.name, session: session?.value, startUrl, region },
    ...{ accountId: own.sso_account_id, roleName: own.sso_role_name, origin: found.origin },
  };
}

function loginOf(section: Section): CredentialSource | undefined {
  const session = value(section, 'login_session');
  if (!session) return undefined;
  return {
    ...{ kind: 'login', profile: section.name, session: session.value, origin: session.origin },
    region: value(section, 'region')?.value,
  };
}

function processOf(section: Section): CredentialSource | undefined {
  const command = value(section, 'credential_process');
  if (!command) return undefined;
  const { value: line, origin } = command;
  return { kind: 'process', profile: section.name, command: line, origin };
}

/** Keys count before or after other sources, by the file they stand in. */
function keysIn(file: 'config' | 'credentials'): Finder {
  return (section, files) => {
    const id = value(section, 'aws_access_key_id');
    if (id?.origin.kind !== 'file' || id.origin.file !== files[file]) return undefined;
    const { aws_secret_access_key: secretAccessKey } = demand(section, ['aws_secret_access_key']);
    const token = value(section, 'aws_security_token') ?? value(section, 'aws_session_token');
    return {
      ...{ kind: 'keys', origin: id.origin },
      keys: () => ({ accessKeyId: id.value, secretAccessKey, sessionToken: token?.value }),
    };
  };
}

type Demanded<Key extends string> = Readonly<Record<Key, string>>;

/** Values that a section must have. */
function demand<Key extends string>(section: Section, keys: readonly Key[]): Demanded<Key> {
  const found = keys.map(key => [key, value(section, key)?.value] as const);
  const missing = found.filter(([, text]) => text === undefined).map(([key]) => key);
  if (missing.length > 0) {
    const { file, line } = section;
    throw configError({ kind: 'missingKeys', file, line, section: section.name, keys: missing });
  }
  return Object.fromEntries(found) as Demanded<Key>;
}
