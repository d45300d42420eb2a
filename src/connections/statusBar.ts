import { StatusBarAlignment, ThemeColor, l10n, window, type Disposable } from 'vscode';
import type { Connection, Session } from '../services.ts';
import { accountText } from '../vscode/accountText.ts';
import { describeError } from '../vscode/describeError.ts';
import { isSandboxStopped } from '../vscode/cancellation.ts';
import { SANDBOX } from './connectionIds.ts';
import type { RequestedFaults } from './faultWatch.ts';
import type { SandboxState } from './localSandbox.ts';
import type { ConnectionState, ShownState } from './sessionHolder.ts';

interface Face {
  readonly icon: string;
  readonly text: string;
  readonly state: string;
  readonly background?: string;
  /** What stands behind it, with an icon of its own. */
  readonly added?: { readonly icon: string; readonly text: string };
}

interface ShownBeside {
  /** What goes wrong on purpose in the sandbox. */
  readonly faults?: RequestedFaults;
  /** Connections that are open besides. */
  readonly others?: readonly Connection[];
}

/** Says in the status bar whom we talk to; a click chooses another. Hidden before the first choice. */
export class ConnectionStatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('bucketBrigade.connection', StatusBarAlignment.Left);
  #latest: object | undefined;

  constructor() {
    this.#item.name = l10n.t('Bucket Brigade Connection');
    this.#item.command = 'bucketBrigade.connections.select';
  }

  /** @param state of the default connection */
  show(
    state: ConnectionState,
    sandbox: SandboxState,
    { faults, others = [] }: ShownBeside = {},
  ): void {
    if (state.kind === 'none') {
      this.#item.hide();
      return;
    }
    const plain = faceOf(state, sandbox);
    const face = faults && isOnSandbox(state) ? withFaults(plain, faults) : plain;
    const { added } = face;
    const more = added === undefined ? '' : ` $(${added.icon}) ${added.text}`;
    const count = others.length === 0 ? '' : ` +${others.length}`;
    this.#item.text = `$(${face.icon}) ${face.text}${count}${more}`;
    const beside = others.map(({ label }) => label).join(', ');
    const said = beside === '' ? face.state : l10n.t('{0} · also open: {1}', face.state, beside);
    void this.#explain(state, said);
    this.#item.backgroundColor = face.background ? new ThemeColor(face.background) : undefined;
    this.#item.accessibilityInformation = {
      label: l10n.t(
        'Bucket Brigade connection: {0}. {1}',
        added === undefined ? face.text : `${face.text} · ${added.text}`,
        said,
      ),
      role: 'button',
    };
    this.#item.show();
  }

  /** Built in a part of its own, which activation does not load. */
  async #explain(state: ShownState, said: string): Promise<void> {
    const latest = (this.#latest = {});
    this.#item.tooltip = said;
    const { connectionTooltip } = await import('./connectionTooltip.ts');
    if (this.#latest === latest) this.#item.tooltip = connectionTooltip(state, said);
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function faceOf(state: ShownState, sandbox: SandboxState): Face {
  const connection = state.kind === 'open' ? state.session.connection : state.connection;
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

/** Whoever sees an error must see at once that somebody has asked for it. */
function withFaults(face: Face, { rules, problem }: RequestedFaults): Face {
  const said =
    problem === undefined
      ? l10n.t('Fault injection is on (faults.json): {0}', rules.join('; '))
      : l10n.t('Fault injection is off: faults.json is invalid ({0})', problem);
  return {
    ...face,
    state: `${face.state}. ${said}`,
    added:
      problem === undefined
        ? { icon: 'beaker', text: l10n.t('Faults On') }
        : { icon: 'warning', text: l10n.t('Invalid faults.json') },
    background: 'statusBarItem.warningBackground',
  };
}

function isOnSandbox(state: ShownState): boolean {
  const connection = state.kind === 'open' ? state.session.connection : state.connection;
  return connection.id === SANDBOX;
}

/** The sandbox does not run and nobody waits for it: no fault, the next use starts it. */
function isOff(state: ConnectionState, sandbox: SandboxState): boolean {
  if (state.kind === 'failed') return isSandboxStopped(state.error);
  const connection = state.kind === 'open' ? state.session.connection : undefined;
  return connection?.id === SANDBOX && sandbox === 'stopped';
}

function sessionText({ connection, identity }: Session): string {
  return [connection.label, accountText(identity), connection.region].join(' · ');
}
