import { Disposable } from 'vscode';
import type { Documents } from '../../services.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Jobs } from '../jobs.ts';

/** Completion reports; what reads and shows them is loaded when the first of these commands is run. */
export function registerReportCommands(jobs: Jobs, documents: Documents): Disposable {
  return Disposable.from(
    registerCommand('bucketBrigade.jobs.openReport', async target => {
      const { openReport } = await import('./openReport.ts');
      await openReport(jobs, documents, target);
    }),
    registerCommand('bucketBrigade.jobs.openReportCsv', async target => {
      const { openReportCsv } = await import('./openReport.ts');
      await openReportCsv(jobs, target);
    }),
    registerCommand('bucketBrigade.jobs.revealReport', async target => {
      const { revealReport } = await import('./openReport.ts');
      await revealReport(jobs, target);
    }),
  );
}
