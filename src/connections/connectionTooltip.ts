import { MarkdownString, l10n } from 'vscode';
import type { Connection } from '../services.ts';
import { accountText } from '../vscode/accountText.ts';
import { commandLink } from '../vscode/runCommand.ts';
import { chainTexts, endpointRows, originText } from './connectionTexts.ts';
import type { ShownState } from './sessionHolder.ts';

/** Who and where, each with where it is said, and what can be done. */
export function connectionTooltip(state: ShownState, said: string): MarkdownString {
  const connection = state.kind === 'open' ? state.session.connection : state.connection;
  const tooltip = new MarkdownString('**');
  tooltip.appendText(connection.label).appendMarkdown('**\n\n').appendText(said);
  const facts = [
    ...(state.kind === 'open'
      ? [
          [l10n.t('Account'), accountText(state.session.identity)],
          [l10n.t('Identity'), state.session.identity.arn],
        ]
      : []),
    ...whereFacts(state, connection),
  ];
  tooltip.appendMarkdown('\n\n|  |  |  |\n|--|--|--|\n');
  for (const [name = '', value = '', origin = ''] of facts) {
    tooltip.appendMarkdown('| ').appendText(name).appendMarkdown(' | ').appendText(value);
    tooltip.appendMarkdown(' | ').appendText(origin).appendMarkdown(' |\n');
  }
  const links = [
    `[${l10n.t('Show Connection')}](${commandLink('bucketBrigade.connections.show')})`,
    `[${l10n.t('Select Connection…')}](${commandLink('bucketBrigade.connections.select')})`,
    `[${l10n.t('Retry')}](${commandLink('bucketBrigade.connections.retry')})`,
    `[${l10n.t('Show Log')}](${commandLink('bucketBrigade.log.show')})`,
  ];
  tooltip.appendMarkdown(`\n\n${links.join(' · ')}`);
  tooltip.isTrusted = {
    enabledCommands: [
      'bucketBrigade.connections.show',
      'bucketBrigade.connections.select',
      'bucketBrigade.connections.retry',
      'bucketBrigade.log.show',
    ],
  };
  return tooltip;
}

/** Region, addresses and credentials, each with where it is said once the connection is open. */
function whereFacts(state: ShownState, { region, endpoint }: Connection): string[][] {
  const settings = state.kind === 'open' ? state.session.settings : undefined;
  if (!settings) {
    const known = endpoint === undefined ? [] : [[l10n.t('Endpoint'), endpoint]];
    return [[l10n.t('Region'), region], ...known];
  }
  const { useFipsEndpoint: fips } = settings.options;
  return [
    [l10n.t('Region'), region, settings.region ? originText(settings.region.origin) : ''],
    ...endpointRows(settings.endpoints).map(row => [
      row.services,
      row.address,
      originText(row.origin),
    ]),
    ...(fips.value ? [[l10n.t('FIPS endpoints'), l10n.t('yes'), originText(fips.origin)]] : []),
    ...chainTexts(settings.credentials).map(({ said, origin }) => [
      l10n.t('Credentials'),
      said,
      originText(origin),
    ]),
  ];
}
