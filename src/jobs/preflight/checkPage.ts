import { commands, env, l10n, ThemeIcon, window, workspace } from 'vscode';
import { pricesWith } from '../../aws/cost/prices.ts';
import { isCancelled } from '../../aws/errors.ts';
import type { AppliedFix } from '../../aws/preflight/applyFix.ts';
import { directChange, type DirectChange } from '../../aws/preflight/directChange.ts';
import type { PreflightCost } from '../../aws/preflight/estimatePreflight.ts';
import type { Fix } from '../../aws/preflight/fix.ts';
import type { JobRequest } from '../../aws/preflight/jobParts.ts';
import type { Preflight, PreflightFacts } from '../../aws/preflight/preflight.ts';
import type { Services, Session } from '../../services.ts';
import { accountText } from '../../vscode/accountText.ts';
import { openPage, type OpenPage } from '../../vscode/page.ts';
import type { PageModel } from '../../vscode/page/protocol.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { showError } from '../../vscode/showError.ts';
import type { JobToCheck, OpenCheck } from '../jobToCheck.ts';
import { CHANGE_DIRECTLY, EDIT_PRICES } from './costBlocks.ts';
import { fixLabel } from './fixText.ts';
import { CHECK_AGAIN, fixOfButton, preflightModel } from './preflightModel.ts';

export interface PageServices extends Pick<Services, 'context' | 'connections' | 'worker'> {
  /** Does what a job would do by direct requests, after a preview. */
  readonly changeDirectly: (session: Session, direct: DirectChange) => Promise<void>;
}

/** The page on which a job is looked at before it is created, and put right. */
class CheckPage implements OpenCheck {
  readonly #services: PageServices;
  readonly #job: JobToCheck;
  readonly #page: OpenPage;
  #request: JobRequest = {} as JobRequest;
  #found: Preflight | undefined;
  #cost: PreflightCost | undefined;
  #running: AbortController | undefined;

  constructor(services: PageServices, job: JobToCheck, request: JobRequest) {
    this.#services = services;
    this.#job = job;
    this.#request = request;
    this.#page = openPage(services.context, {
      key: `preflight/${job.session.key}/${job.key}`,
      title: this.#title(),
      icon: new ThemeIcon('checklist'),
      model: this.#model(),
      onAction: id => this.#press(id),
    });
    this.#page.onDidDispose(() => this.#running?.abort());
  }

  get onDidDispose(): OpenPage['onDidDispose'] {
    return this.#page.onDidDispose;
  }

  dispose(): void {
    this.#page.dispose();
  }

  /** Looks at all of it; what it finds is shown when it is there. */
  async check(options: { readonly asksObjects?: boolean } = {}): Promise<void> {
    this.#running?.abort();
    const controller = new AbortController();
    this.#running = controller;
    this.#found = undefined;
    this.#show();
    try {
      await this.#look(controller.signal, options);
      this.#show();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#found ??= { checks: [] };
      this.#show();
      if (!isCancelled(error)) void showError(error, { doing: 'checking a job' });
    }
  }

  async #look(signal: AbortSignal, { asksObjects = false }): Promise<void> {
    const session = await this.#session();
    const { clients, identity } = session;
    const { preflight } = await import('../../aws/preflight/preflight.ts');
    const { estimatePreflight } = await import('../../aws/preflight/estimatePreflight.ts');
    this.#request = await this.#job.request();
    const readManifest: PreflightFacts['readManifest'] = (input, more) =>
      this.#services.worker.run(session, 'checkManifest', input, { title: this.#title(), ...more });
    const facts = { callerArn: identity.arn, asksObjects, readManifest };
    const found = await preflight(clients, this.#request, facts, { signal });
    const prices = pricesWith(workspace.getConfiguration('bucketBrigade').get('cost.prices'));
    // What it costs is worth knowing, but not worth failing for.
    const cost = await estimatePreflight(clients, this.#request, found, prices, { signal }).catch(
      () => undefined,
    );
    signal.throwIfAborted();
    this.#found = found;
    this.#cost = cost;
  }

  /** Credentials may have been renewed since; another account is none of its business. */
  async #session(): Promise<Session> {
    return await sessionOf(this.#services.connections, ownerOf(this.#job.session));
  }

  #title(): string {
    return l10n.t('Check: {0}', this.#job.name);
  }

  #show(): void {
    this.#page.update(this.#model());
  }

  #model(): PageModel {
    const { name, session, actions, chooseReport } = this.#job;
    const region = this.#found?.region;
    const where = [session.connection.label, accountText(session.identity), region];
    return preflightModel({
      name,
      where: where.filter(part => part !== undefined).join(' · '),
      ...(this.#found && { checks: this.#found.checks }),
      ...(this.#cost && { cost: this.#cost }),
      ...{ request: this.#request, actions },
      canFix: ({ kind }) => kind !== 'chooseReport' || chooseReport !== undefined,
    });
  }

  async #press(id: string): Promise<void> {
    if (id === EDIT_PRICES) {
      await commands.executeCommand('workbench.action.openSettings', 'bucketBrigade.cost.prices');
      return;
    }
    // What is pressed may be a command, which would act on the connection of now.
    const session = await this.#session();
    const fix = fixOfButton(id, this.#found?.checks);
    if (fix) await this.#fix(session, fix);
    else if (id === CHECK_AGAIN) await this.check();
    else if (id === CHANGE_DIRECTLY) {
      const direct = directChange(this.#request);
      if (direct) await this.#services.changeDirectly(session, direct);
    } else await this.#job.onAction(id);
  }

  async #fix(session: Session, fix: Fix): Promise<void> {
    switch (fix.kind) {
      case 'askObjects':
        await this.check({ asksObjects: true });
        return;
      case 'copyPolicy':
        await copyPolicy(fix.statements);
        return;
      case 'chooseReport':
        await this.#job.chooseReport?.();
        return;
      case 'disableNotification':
        await runCommandFor(session, 'bucketBrigade.notifications.disable', {
          bucket: fix.bucket,
          notificationIds: fix.notificationIds,
        });
        await this.check();
        return;
      case 'checkManifest':
        await runCommandFor(session, 'bucketBrigade.jobs.checkManifest', {
          ...{ bucket: fix.bucket, key: fix.key },
        });
        return;
      default:
        await this.#apply(fix);
    }
  }

  async #apply(fix: AppliedFix): Promise<void> {
    const { clients } = await this.#session();
    const { applyFix } = await import('../../aws/preflight/applyFix.ts');
    const changed = await withCancellableProgress({ title: fixLabel(fix) }, signal =>
      applyFix(clients, this.#request, fix, { signal }),
    );
    if (changed !== this.#request) await this.#job.adopt(changed);
    await this.check();
  }
}

async function copyPolicy(Statement: readonly object[]): Promise<void> {
  const policy = { Version: '2012-10-17', Statement };
  await env.clipboard.writeText(JSON.stringify(policy, undefined, 2));
  window.setStatusBarMessage(l10n.t('Policy copied'), 3_000);
}

/** Opens the page of a job and looks at it. */
export async function openCheckPage(services: PageServices, job: JobToCheck): Promise<OpenCheck> {
  const page = new CheckPage(services, job, await job.request());
  void page.check();
  return page;
}
