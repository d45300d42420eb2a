import { window, type Disposable } from 'vscode';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import { servicesFor } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';
import type { OpenReports } from './openReport.ts';
import { VIEW_TYPE } from './protocol.ts';

/** Completion reports; what reads and shows them is loaded when the first of these commands is run. */
export function registerReportCommands(jobs: Jobs): Disposable {
  const open: OpenReports = new Map();
  const disposables = new DisposableStore();
  disposables.add(
    registerCommand('bucketBrigade.jobs.openReport', async target => {
      const { openReport } = await import('./openReport.ts');
      await openReport(servicesFor(jobs, target), open, target);
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.openReportCsv', async target => {
      const { openReportCsv } = await import('./openReport.ts');
      await openReportCsv(servicesFor(jobs, target), target);
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.revealReport', async target => {
      const { revealReport } = await import('./openReport.ts');
      await revealReport(servicesFor(jobs, target), target);
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.retryFailed', async target => {
      const { retryFailed } = await import('./retryFailed.ts');
      return await retryFailed(servicesFor(jobs, target), target);
    }),
  );
  disposables.add(
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel, kept) => {
        const { isReportState } = await import('./reportMessages.ts');
        const { ReportPanel } = await import('./reportPanel.ts');
        const { keepReport } = await import('./openReport.ts');
        if (isReportState(kept)) keepReport(open, new ReportPanel(jobs, panel, kept));
        else panel.dispose();
      },
    }),
  );
  return disposables;
}
