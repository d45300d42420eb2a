import { window, type Disposable } from 'vscode';
import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
import { sessionForTarget } from '../vscode/sessionOwner.ts';
import type { MetricsPanel } from './metricsPanel.ts';
import { VIEW_TYPE, type PanelState } from './protocol.ts';

/** The charts of a function's metrics; the panel's host is loaded with the first panel. */
export function registerMetrics(services: Pick<Services, 'context' | 'connections'>): Disposable {
  const disposables = new DisposableStore();
  const panels = new Set<MetricsPanel>();
  const keep = (panel: MetricsPanel): void => {
    panels.add(panel);
    panel.onDidDispose(() => panels.delete(panel));
  };
  disposables.add(
    registerCommand('bucketBrigade.metrics.show', async target => {
      const { chooseFunctions } = await import('./functionChoice.ts');
      const session = await sessionForTarget(services.connections, target);
      const { functions, region } = await chooseFunctions(session, target);
      const { newPanel, stateFor } = await import('./metricsPanel.ts');
      const last = target && 'last' in target ? target.last : undefined;
      const asked = stateFor(functions, region, last);
      // Of one connection alone a panel shows what is current; of several it stays with its own.
      const areSeveral = services.connections.opened.length > 1;
      const state = areSeveral ? { ...asked, session: session.key } : asked;
      const same = [...panels].find(panel => shows(panel.state, state, last));
      const panel = same ?? newPanel(services, state);
      const shown = panel.shown();
      if (same) same.reveal();
      else keep(panel);
      return await shown;
    }),
  );
  disposables.add(
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, kept) => {
        const { isPanelState } = await import('./panelMessages.ts');
        const { MetricsPanel: Panel } = await import('./metricsPanel.ts');
        if (isPanelState(kept)) keep(new Panel(services, panel, kept));
        else panel.dispose();
      },
    }),
  );
  return disposables;
}

/** @param last seconds; of any range when it is undefined */
function shows(
  { range, ...state }: PanelState,
  { functions, region, session }: PanelState,
  last: number | undefined,
): boolean {
  if (state.session !== session) return false;
  const isRange = last === undefined || ('last' in range && range.last === last);
  return isRange && state.region === region && state.functions.join(' ') === functions.join(' ');
}
