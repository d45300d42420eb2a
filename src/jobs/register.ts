import type { Disposable, Event } from 'vscode';
import type { DirectChange } from '../aws/preflight/directChange.ts';
import type { Services, Session } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { registerCreateCommands } from './create/createCommands.ts';
import { registerJobCommands } from './jobCommands.ts';
import { rememberedFilter } from './jobFilter.ts';
import { JobFollowings } from './following/jobFollowings.ts';
import { JobLists } from './jobLists.ts';
import type { Jobs } from './jobs.ts';
import type { JobCheck } from './jobToCheck.ts';
import { JobRegions } from './jobRegions.ts';
import { JobsView } from './view/jobsView.ts';
import { registerCheckCommands } from './manifestCheck/checkCommands.ts';
import { registerRequestCommands } from './request/requestCommands.ts';
import { registerReportCommands } from './report/reportCommands.ts';
import { registerTaggerCommands } from './tagger/taggerCommands.ts';
import { registerSelectionCommands } from './selection/selectionCommands.ts';
import { registerTagCommands } from './tags/tagCommands.ts';
import { WatchedJobs } from './following/watchedJobs.ts';

/** The Batch Jobs view and everything done to jobs. */
export function registerJobs(
  services: Pick<Services, 'context' | 'log' | 'connections' | 'documents' | 'worker'> & {
    readonly onDidOpen: Event<Session>;
  },
): Disposable {
  const { context, connections, documents } = services;
  const disposables = new DisposableStore();
  const regions = new JobRegions(context.globalState);
  const lists = disposables.add(new JobLists(connections, rememberedFilter(services), regions));
  const view = disposables.add(new JobsView(lists, connections));
  const watched = new WatchedJobs(context.workspaceState);
  const following = disposables.add(new JobFollowings({ ...services, lists, view, watched }));
  const check = jobCheck(services, () => jobs);
  const jobs: Jobs = { ...services, lists, view, watched, regions, following, check };
  disposables.add(registerJobCommands(jobs));
  disposables.add(registerCreateCommands(jobs, documents));
  disposables.add(registerRequestCommands(jobs));
  disposables.add(registerTagCommands(jobs));
  disposables.add(registerReportCommands(jobs));
  disposables.add(registerTaggerCommands({ ...services, regions }));
  disposables.add(registerSelectionCommands(jobs));
  disposables.add(registerCheckCommands(jobs));
  return disposables;
}

/** Loaded when the first job is looked at. */
function jobCheck(
  services: Pick<Services, 'context' | 'connections' | 'worker'>,
  jobs: () => Jobs,
): JobCheck {
  const changeDirectly = async (session: Session, direct: DirectChange): Promise<void> => {
    const { changeTagsOf } = await import('./tags/changeTags.ts');
    await changeTagsOf(jobs(), session, direct);
  };
  return {
    open: async job => {
      const { openCheckPage } = await import('./preflight/checkPage.ts');
      return await openCheckPage({ ...services, changeDirectly }, job);
    },
    failures: async (session, request, signal) =>
      (await import('./preflight/findFailures.ts')).findFailures(session, request, signal),
  };
}
