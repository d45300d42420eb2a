import { window, type Disposable } from 'vscode';
import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCommand } from '../vscode/registerCommand.ts';
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
      const { clients } = await services.connections.session();
      const { functions, region } = await chooseFunctions(clients, target);
      const { newPanel, stateFor } = await import('./metricsPanel.ts');
      const last = target && 'last' in target ? target.last : undefined;
      const same = [...panels].find(({ state }) => shows(state, functions, region, last));
      const panel = same ?? newPanel(services, stateFor(functions, region, last));
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
  functions: readonly string[],
  region: string,
  last: number | undefined,
): boolean {
  const isRange = last === undefined || ('last' in range && range.last === last);
  return isRange && state.region === region && state.functions.join(' ') === functions.join(' ');
}
