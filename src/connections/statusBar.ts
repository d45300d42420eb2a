import {
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  l10n,
  window,
  type Disposable,
} from 'vscode';
import type { Connection, Session } from '../services.ts';
import { accountText } from '../vscode/accountText.ts';
import { describeError } from '../vscode/describeError.ts';
import { commandLink } from '../vscode/runCommand.ts';
import { SANDBOX } from './connectionIds.ts';
import type { SandboxState } from './localSandbox.ts';
import { isStopped } from './sandboxError.ts';
import type { ConnectionState } from './sessionHolder.ts';

interface Face {
  readonly icon: string;
  readonly text: string;
  readonly state: string;
  readonly background?: string;
}

/** Says in the status bar whom we talk to; a click chooses another. Hidden before the first choice. */
export class ConnectionStatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('bucketBrigade.connection', StatusBarAlignment.Left);

  constructor() {
    this.#item.name = l10n.t('Bucket Brigade Connection');
    this.#item.command = 'bucketBrigade.connections.select';
  }

  show(state: ConnectionState, sandbox: SandboxState): void {
    if (state.kind === 'none') {
      this.#item.hide();
      return;
    }
    const face = faceOf(state, sandbox);
    this.#item.text = `$(${face.icon}) ${face.text}`;
    this.#item.tooltip = tooltipOf(state, face.state);
    this.#item.backgroundColor = face.background ? new ThemeColor(face.background) : undefined;
    this.#item.accessibilityInformation = {
      label: l10n.t('Bucket Brigade connection: {0}. {1}', face.text, face.state),
      role: 'button',
    };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function faceOf(state: Exclude<ConnectionState, { kind: 'none' }>, sandbox: SandboxState): Face {
  const connection = connectionIn(state);
  if (isOff(state, sandbox)) {
    return { icon: 'circle-slash', text: connection.label, state: l10n.t('Stopped') };
  }
  const named = [connection.label, connection.region].join(' · ');
  switch (state.kind) {
    case 'connecting':
      return sandbox === 'starting' && connection.id === SANDBOX
        ? { icon: 'sync~spin', text: connection.label, state: l10n.t('Starting…') }
        : { icon: 'sync~spin', text: named, state: l10n.t('Connecting…') };
    case 'failed':
      return {
        icon: 'warning',
        text: named,
        state: describeError(state.error),
        background: 'statusBarItem.warningBackground',
      };
    case 'idle':
      return { icon: 'database', text: named, state: l10n.t('Not used yet') };
    case 'open':
      return { icon: 'database', text: sessionText(state.session), state: l10n.t('Connected') };
  }
}

/** The sandbox does not run and nobody waits for it: no fault, the next use starts it. */
function isOff(state: ConnectionState, sandbox: SandboxState): boolean {
  if (state.kind === 'failed') return isStopped(state.error);
  const connection = state.kind === 'open' ? state.session.connection : undefined;
  return connection?.id === SANDBOX && sandbox === 'stopped';
}

function sessionText({ connection, identity }: Session): string {
  return [connection.label, accountText(identity), connection.region].join(' · ');
}

function connectionIn(state: Exclude<ConnectionState, { kind: 'none' }>): Connection {
  return state.kind === 'open' ? state.session.connection : state.connection;
}

function tooltipOf(
  state: Exclude<ConnectionState, { kind: 'none' }>,
  said: string,
): MarkdownString {
  const connection = connectionIn(state);
  const tooltip = new MarkdownString('**');
  tooltip.appendText(connection.label).appendMarkdown('**\n\n').appendText(said);
  const facts = [
    ...(state.kind === 'open'
      ? [
          [l10n.t('Account'), accountText(state.session.identity)],
          [l10n.t('Identity'), state.session.identity.arn],
        ]
      : []),
    [l10n.t('Region'), connection.region],
    ...(connection.endpoint === undefined ? [] : [[l10n.t('Endpoint'), connection.endpoint]]),
  ];
  tooltip.appendMarkdown('\n\n|  |  |\n|--|--|\n');
  for (const [name = '', value = ''] of facts) {
    tooltip.appendMarkdown('| ').appendText(name).appendMarkdown(' | ').appendText(value);
    tooltip.appendMarkdown(' |\n');
  }
  const links = [
    `[${l10n.t('Select Connection…')}](${commandLink('bucketBrigade.connections.select')})`,
    `[${l10n.t('Retry')}](${commandLink('bucketBrigade.connections.retry')})`,
    `[${l10n.t('Show Log')}](${commandLink('bucketBrigade.log.show')})`,
  ];
  tooltip.appendMarkdown(`\n\n${links.join(' · ')}`);
  tooltip.isTrusted = {
    enabledCommands: [
      'bucketBrigade.connections.select',
      'bucketBrigade.connections.retry',
      'bucketBrigade.log.show',
    ],
  };
  return tooltip;
}
