import type { Disposable } from 'vscode';
import type { Services } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCreateCommands } from './create/createCommands.ts';
import { registerJobCommands } from './jobCommands.ts';
import { rememberedFilter } from './jobFilter.ts';
import { JobFollowing } from './jobFollowing.ts';
import { JobList } from './jobList.ts';
import type { Jobs } from './jobs.ts';
import { JobRegions } from './jobRegions.ts';
import { JobsView } from './jobsView.ts';
import { registerReportCommands } from './report/reportCommands.ts';
import { WatchedJobs } from './watchedJobs.ts';

/** The Batch Jobs view and everything done to jobs. */
export function registerJobs(
  services: Pick<Services, 'context' | 'log' | 'connections' | 'documents'>,
): Disposable {
  const { context, connections, documents } = services;
  const disposables = new DisposableStore();
  const regions = new JobRegions(context.globalState);
  const list = disposables.add(new JobList(connections, rememberedFilter(services), regions));
  const view = disposables.add(new JobsView(list, connections));
  const watched = new WatchedJobs(context.workspaceState);
  const following = disposables.add(new JobFollowing({ ...services, list, view, watched }));
  const jobs: Jobs = { ...services, list, view, watched, regions, following };
  disposables.add(registerJobCommands(jobs));
  disposables.add(registerCreateCommands(jobs, documents));
  disposables.add(registerReportCommands(jobs, documents));
  return disposables;
}
