import type { ConfigFiles, Section } from './configFiles.ts';
import { variable, type Environment } from './configPaths.ts';
import { configError } from './configProblem.ts';
import type { CredentialSource, InstanceMetadata } from './credentialSource.ts';
import { ofSection, value } from './sectionCredentials.ts';
import { lookUp, missingSection } from './lookUp.ts';
import type { Setting } from './setting.ts';

interface Search {
  readonly request: { readonly profile?: string };
  readonly profile: string | undefined;
  readonly section: Section | undefined;
  readonly files: ConfigFiles;
  readonly environment: Environment;
}

/**
 * Finds the source in the order of the AWS CLI (botocore's `create_credential_resolver`). A profile
 * that was named never falls back on the environment's keys, as for the CLI, nor on this machine's
 * role, which may be another account's.
 *
 * @throws BrigadeError `Misconfigured`
 */
export function findCredentialSource(search: Search): CredentialSource {
  const { request, profile, section, environment } = search;
  const named = request.profile !== undefined;
  const fromEnvironment = named ? undefined : environmentKeys(environment);
  return (
    fromEnvironment ??
    (section && roleOf(section, search, [section.name])) ??
    (named ? undefined : environmentToken(environment)) ??
    (section && ofSection(section, search.files)) ??
    (named ? undefined : ofMachine(search)) ?? {
      ...{ kind: 'none', profile: profile ?? 'default' },
      origin: { kind: 'default' },
    }
  );
}

function environmentKeys(environment: Environment): CredentialSource | undefined {
  const name = 'AWS_ACCESS_KEY_ID';
  const accessKeyId = variable(environment, name);
  if (accessKeyId === undefined) return undefined;
  const secretAccessKey = variable(environment, 'AWS_SECRET_ACCESS_KEY');
  if (secretAccessKey === undefined) {
    throw configError({ kind: 'missingKeys', section: '', keys: ['AWS_SECRET_ACCESS_KEY'] });
  }
  const sessionToken = variable(environment, 'AWS_SESSION_TOKEN');
  return {
    ...{ kind: 'keys', origin: { kind: 'environment', variable: name } },
    keys: () => ({ accessKeyId, secretAccessKey, sessionToken }),
  };
}

function environmentToken(environment: Environment): CredentialSource | undefined {
  const name = 'AWS_WEB_IDENTITY_TOKEN_FILE';
  const tokenFile = variable(environment, name);
  if (tokenFile === undefined) return undefined;
  const roleArn = variable(environment, 'AWS_ROLE_ARN');
  if (roleArn === undefined) {
    throw configError({ kind: 'missingKeys', section: '', keys: ['AWS_ROLE_ARN'] });
  }
  const sessionName = variable(environment, 'AWS_ROLE_SESSION_NAME');
  return {
    ...{ kind: 'webIdentity', tokenFile, roleArn, sessionName },
    origin: { kind: 'environment', variable: name },
  };
}

function hasRole(section: Section): boolean {
  return section.entries.has('role_arn') && !section.entries.has('web_identity_token_file');
}

function hasKeys(section: Section): boolean {
  return ['aws_access_key_id', 'aws_secret_access_key'].some(key => section.entries.has(key));
}

function roleOf(
  section: Section,
  search: Search,
  visited: readonly string[],
): CredentialSource | undefined {
  const roleArn = value(section, 'role_arn');
  if (!roleArn || !hasRole(section)) return undefined;
  const duration = value(section, 'duration_seconds')?.value ?? '';
  return {
    ...{ kind: 'role', roleArn: roleArn.value, origin: roleArn.origin },
    sessionName: value(section, 'role_session_name')?.value,
    externalId: value(section, 'external_id')?.value,
    mfaSerial: value(section, 'mfa_serial')?.value,
    ...(/^\d+$/.test(duration) && { durationSeconds: Number(duration) }),
    source: sourceOfRole(section, search, visited),
  };
}

function sourceOfRole(
  section: Section,
  search: Search,
  visited: readonly string[],
): CredentialSource {
  const profile = value(section, 'source_profile');
  const named = value(section, 'credential_source');
  const { file, name } = section;
  if (profile && named) throw configError({ kind: 'bothSources', file, section: name });
  if (named) return ofNamedSource(named, search);
  if (!profile) {
    const keys = ['source_profile'];
    throw configError({ kind: 'missingKeys', file, section: name, keys });
  }
  const source = search.files.profiles.get(profile.value);
  if (!source) throw missingSection(profile, `profile ${profile.value}`);
  const [problem] = source.problems;
  if (problem) throw configError(problem);
  const isOwnKeys = source === section && hasKeys(section);
  if (visited.includes(source.name) && !isOwnKeys) {
    throw configError({ kind: 'cycle', file, profiles: [...visited, source.name] });
  }
  // Keys of the source profile come before a role of its own, which is only for its own use then.
  const found = hasKeys(source)
    ? ofSection(source, search.files)
    : (roleOf(source, search, [...visited, source.name]) ?? ofSection(source, search.files));
  if (found) return found;
  throw configError({ kind: 'noCredentials', file, profile: source.name, by: name });
}

const NAMED_SOURCES = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'];

function ofNamedSource(named: Setting<string>, search: Search): CredentialSource {
  const { origin, value: text } = named;
  if (text === 'Ec2InstanceMetadata') {
    return { kind: 'instance', origin, metadata: metadataOf(search) };
  }
  if (text === 'EcsContainer') return { kind: 'container', origin };
  const keys = text === 'Environment' ? environmentKeys(search.environment) : undefined;
  if (keys) return keys;
  if (text === 'Environment') {
    throw configError({ kind: 'missingKeys', section: '', keys: ['AWS_ACCESS_KEY_ID'] });
  }
  const at = origin.kind === 'file' ? origin : { file: '', section: '' };
  throw configError({
    ...{ kind: 'badValue', file: at.file, section: at.section, name: 'credential_source' },
    ...{ value: text, expected: NAMED_SOURCES.join(', ') },
  });
}

function ofMachine(search: Search): CredentialSource | undefined {
  const names = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  const set = names.find(name => variable(search.environment, name) !== undefined);
  if (set !== undefined) {
    return { kind: 'container', origin: { kind: 'environment', variable: set } };
  }
  if (search.environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  return { kind: 'instance', origin: { kind: 'default' }, metadata: metadataOf(search) };
}

/** Where an EC2 instance gets its role's credentials (EC2 user guide, "instance metadata"). */
function metadataOf({ section, environment }: Search): InstanceMetadata {
  const look = lookUp(section, environment);
  const read = (key: string): string | undefined =>
    look({ variables: [`AWS_${key.toUpperCase()}`], keys: [key] })?.value;
  const isIpv6 = read('ec2_metadata_service_endpoint_mode')?.toLowerCase() === 'ipv6';
  return {
    endpoint:
      read('ec2_metadata_service_endpoint') ??
      (isIpv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254'),
    v1Disabled: read('ec2_metadata_v1_disabled')?.toLowerCase() === 'true',
  };
}
