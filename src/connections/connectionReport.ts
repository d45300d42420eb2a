import { l10n } from 'vscode';
import { clientSettings, isPathStyle } from '../aws/connection/clientSettings.ts';
import type { ClientOptions } from '../aws/connection/clientOptions.ts';
import type { ConnectionSettings } from '../aws/connection/connectionSettings.ts';
import { SERVICES, type Service } from '../aws/connection/services.ts';
import type { Origin, Setting } from '../aws/connection/setting.ts';
import type { Connection } from '../services.ts';
import type { CallerIdentity } from '../aws/clients.ts';
import { accountText } from '../vscode/accountText.ts';
import { escapeMarkdown, table } from '../vscode/markdown.ts';
import { SERVICE_NAMES, chainTexts, originText } from './connectionTexts.ts';

interface Reported {
  readonly connection: Connection;
  /** Undefined while nobody has answered. */
  readonly identity: CallerIdentity | undefined;
  /** Undefined for the sandbox, which is started with all of it. */
  readonly settings: ConnectionSettings | undefined;
}

/** A connection as Markdown: its identity, its settings and where each comes from. No secrets. */
export function connectionReport({ connection, identity, settings }: Reported): string {
  const { label, region, endpoint } = connection;
  const parts = [
    `# ${escapeMarkdown(l10n.t('Connection {0}', label))}`,
    facts([
      [l10n.t('Account'), identity ? accountText(identity) : l10n.t('not connected yet'), ''],
      [l10n.t('Identity'), identity?.arn ?? '', ''],
      [l10n.t('Region'), settings?.region?.value ?? region, from(settings?.region)],
    ]),
  ];
  if (!settings) {
    const said = endpoint ?? l10n.t('not running');
    parts.push(facts([[l10n.t('Every service'), said, l10n.t('local sandbox')]]));
  } else parts.push(...details(settings));
  return `${parts.join('\n\n')}\n`;
}

function details(settings: ConnectionSettings): string[] {
  return [
    `## ${escapeMarkdown(l10n.t('Addresses'))}`,
    facts(addresses(settings)),
    `## ${escapeMarkdown(l10n.t('Credentials'))}`,
    facts([
      ...chainTexts(settings.credentials).map(({ said, origin }, at): Fact => [
        String(at + 1),
        said,
        originText(origin),
      ]),
      ...credentialAddresses(settings),
    ]),
    `## ${escapeMarkdown(l10n.t('Requests'))}`,
    facts(options(settings)),
  ];
}

type Fact = readonly [name: string, value: string, origin: string];

function facts(rows: readonly Fact[]): string {
  return table(
    ['', '', escapeMarkdown(l10n.t('Set By'))],
    rows.map(row => row.map(escapeMarkdown)),
  );
}

function from(setting: Setting<unknown> | undefined): string {
  return setting ? originText(setting.origin) : '';
}

/** The services that are only called to get credentials. */
const SIGN_IN: readonly Service[] = ['sso', 'sso_oidc', 'signin'];

/** Services at one address, said in one place, share a row. */
function addresses({ endpoints }: ConnectionSettings): Fact[] {
  const ours = SERVICES.filter(id => !SIGN_IN.includes(id));
  const rows = new Map<string, { names: string[]; fact: readonly [string, string] }>();
  for (const id of ours) {
    const fact = [endpoints[id]?.value ?? l10n.t('AWS'), from(endpoints[id])] as const;
    const row = rows.get(fact.join('\n')) ?? { names: [], fact };
    rows.set(fact.join('\n'), { ...row, names: [...row.names, SERVICE_NAMES[id]] });
  }
  return [...rows.values()].map(({ names, fact }) => [
    names.length === ours.length ? l10n.t('All services') : names.join(', '),
    ...fact,
  ]);
}

/** Where credentials are asked for, if that is not at AWS. */
function credentialAddresses({ credentialEndpoints: endpoints }: ConnectionSettings): Fact[] {
  return [...SIGN_IN, 'sts' as const].flatMap((id): Fact[] => {
    const endpoint = endpoints[id];
    return endpoint ? [[SERVICE_NAMES[id], endpoint.value, originText(endpoint.origin)]] : [];
  });
}

/** What is always shown; the others where they are not the default. */
const ALWAYS: readonly (keyof ClientOptions)[] = [
  ...(['useFipsEndpoint', 'useDualstackEndpoint', 'retryMode', 'maxAttempts'] as const),
];

function options(settings: ConnectionSettings): Fact[] {
  const { addressingStyle, ...others } = settings.options;
  const isPath = isPathStyle(clientSettings(settings));
  const style: Fact = [
    l10n.t('Bucket names in the path'),
    yesNo(isPath),
    // The default follows from where S3 is.
    addressingStyle.origin.kind === 'default' && isPath
      ? from(settings.endpoints.s3)
      : originText(addressingStyle.origin),
  ];
  const rest = Object.entries(others)
    .filter(([name, { origin }]) => isShown(name, origin))
    .map(([name, { value, origin }]): Fact => [optionName(name), shown(value), originText(origin)]);
  return [style, ...rest];
}

function isShown(name: string, origin: Origin): boolean {
  return origin.kind !== 'default' || ALWAYS.some(always => always === name);
}

function optionName(name: string): string {
  switch (name) {
    case 'useFipsEndpoint':
      return l10n.t('FIPS endpoints');
    case 'useDualstackEndpoint':
      return l10n.t('Dual-stack endpoints');
    case 'retryMode':
      return l10n.t('Retry mode');
    case 'maxAttempts':
      return l10n.t('Attempts');
    default:
      // As the files spell it.
      return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  }
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return yesNo(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function yesNo(value: boolean): string {
  return value ? l10n.t('yes') : l10n.t('no');
}
