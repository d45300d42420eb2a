import { CLIENT_OPTIONS, type Option } from './clientOptions.ts';
import type { ConfigFiles, Section } from './configFiles.ts';
import { variable, type Environment } from './configPaths.ts';
import { configError } from './configProblem.ts';
import { findCredentialSource } from './credentialChain.ts';
import type { ConnectionRequest, ConnectionSettings } from './connectionSettings.ts';
import { isHostLabel } from './regionName.ts';
import { SERVICES } from './services.ts';
import { badValue, lookUp, missingSection, type LookUp } from './lookUp.ts';
import type { Origin, Setting } from './setting.ts';

/**
 * Decides all of it once, as the AWS CLI does for `--profile NAME`: an environment variable counts
 * more than the profile, a service's own endpoint more than the general one of the same place; keys
 * in the environment are not taken for a named profile, and nothing comes from another profile but
 * the credentials that `source_profile` asks for. The user's own Region and endpoint count most.
 *
 * @throws BrigadeError `Misconfigured`, with the section or variable that can't be used.
 */
export function resolveConnection(
  request: ConnectionRequest,
  files: ConfigFiles,
  environment: Environment,
): ConnectionSettings {
  const { profile, section } = sectionFor(request, files, environment);
  const [problem] = section?.problems ?? [];
  if (problem) throw configError(problem);
  const look = lookUp(section, environment);
  const configured = endpointsOf(look, files);
  const chosen = request.endpoint;
  const endpoints =
    chosen === undefined
      ? configured
      : Object.fromEntries(SERVICES.map(id => [id, { value: chosen, origin: CHOSEN }]));
  return {
    profile,
    region: regionOf(request, look),
    endpoints,
    credentialEndpoints: configured,
    options: optionsOf(look),
    credentials: findCredentialSource({ request, profile, section, files, environment }),
  };
}

const CHOSEN: Origin = { kind: 'chosen' };

function sectionFor(
  { profile: named }: ConnectionRequest,
  files: ConfigFiles,
  environment: Environment,
): { profile: string | undefined; section: Section | undefined } {
  // botocore looks at AWS_DEFAULT_PROFILE first.
  const variables = ['AWS_DEFAULT_PROFILE', 'AWS_PROFILE'] as const;
  const set = variables.find(name => variable(environment, name) !== undefined);
  const profile = named ?? (set && variable(environment, set));
  const section = files.profiles.get(profile ?? 'default');
  if (section || profile === undefined) return { profile: section?.name, section };
  const [unreadable] = files.problems.filter(
    ({ kind }) => kind === 'unreadable' || kind === 'notText',
  );
  if (unreadable) throw configError(unreadable);
  const by = named === undefined && set !== undefined ? { variable: set } : undefined;
  throw configError({ kind: 'noProfile', profile, file: files.config, ...by });
}

function regionOf({ region }: ConnectionRequest, look: LookUp): Setting<string> | undefined {
  if (region !== undefined) return { value: region, origin: CHOSEN };
  const found = look({ variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'], keys: ['region'] });
  if (!found || isHostLabel(found.value)) return found;
  throw badValue(found, 'eu-west-1');
}

function endpointsOf(look: LookUp, files: ConfigFiles): ConnectionSettings['endpoints'] {
  const ignored = look({
    variables: ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
    keys: ['ignore_configured_endpoint_urls'],
  });
  const services = servicesOf(look, files);
  if (ignored?.value.toLowerCase() === 'true') return {};
  const found = SERVICES.map(id => {
    const upper = id.toUpperCase();
    const endpoint =
      look({ variables: [`AWS_ENDPOINT_URL_${upper}`, 'AWS_ENDPOINT_URL'] }) ??
      lookUp(services, {})({ keys: [`${id}.endpoint_url`] }) ??
      look({ keys: ['endpoint_url'] });
    if (endpoint && !isHttpUrl(endpoint.value)) {
      throw badValue(withoutLogin(endpoint), 'https://example.com');
    }
    return [id, endpoint] as const;
  });
  return Object.fromEntries(found.filter(([, endpoint]) => endpoint !== undefined));
}

function servicesOf(look: LookUp, { services }: ConfigFiles): Section | undefined {
  const named = look({ keys: ['services'] });
  if (!named) return undefined;
  const section = services.get(named.value);
  const [problem] = section?.problems ?? [];
  if (problem) throw configError(problem);
  if (!section) throw missingSection(named, `services ${named.value}`);
  return section;
}

/** A user name or password in it would be shown with it, and SigV4 has no use for them. */
function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username + password === '';
}

function withoutLogin(setting: Setting<string>): Setting<string> {
  return { ...setting, value: setting.value.replace(/\/\/[^/]*@/, '//…@') };
}

function optionsOf(look: LookUp): ConnectionSettings['options'] {
  const read = <T>(option: Option<T>): Setting<T> => {
    const found = look(option);
    if (!found) return { value: option.otherwise, origin: { kind: 'default' } };
    const value = option.read(found.value);
    if (value === undefined) throw badValue(found, option.expected ?? '');
    return { value, origin: found.origin };
  };
  const entries = Object.entries(CLIENT_OPTIONS).map(([name, option]) => [
    name,
    read(option as Option<unknown>),
  ]);
  return Object.fromEntries(entries) as ConnectionSettings['options'];
}
