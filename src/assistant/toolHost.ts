import {
  CancellationError,
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  MarkdownString,
  type CancellationToken,
  type PreparedToolInvocation,
} from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Services, Session } from '../services.ts';
import { isCancellation, signalOf } from '../vscode/cancellation.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { escapeMarkdown } from '../vscode/markdown.ts';
import { runCommandFor } from '../vscode/runCommand.ts';
import { ownerOf } from '../vscode/sessionOwner.ts';
import { answerText, errorText } from './answerText.ts';
import { checkInput, type InputSchema } from './checkInput.ts';
import { chosenSession, type ConnectionInput } from './chosenSession.ts';
import type { Answer, Plan, Tool } from './tool.ts';
import { TOOLS } from './tools.ts';

/** What was asked and not called yet is forgotten after so many. */
const MAX_PLANS = 20;

interface Contribution {
  readonly name: string;
  readonly inputSchema: InputSchema;
}

/**
 * Runs the tools. What acts does so only once, and only as it was confirmed: VS Code asks `prepare` first
 * and calls `invoke` when the user has agreed to what it said.
 */
export class ToolHost {
  readonly #services: Pick<Services, 'context' | 'log' | 'connections' | 'worker'>;
  readonly #plans = new Map<string, Plan>();

  constructor(services: Pick<Services, 'context' | 'log' | 'connections' | 'worker'>) {
    this.#services = services;
  }

  /** @throws Error with a sentence for the model; CancellationError */
  async prepare(
    name: string,
    given: unknown,
    token: CancellationToken,
  ): Promise<PreparedToolInvocation> {
    return await this.#said(name, async () => {
      const { tool, connection, input } = this.#find(name, given);
      if (tool.kind === 'reading' || this.#services.connections.current === undefined) return {};
      const signal = signalOf(token);
      const session = await this.#session({ connection }, signal);
      const plan = await tool.plan({ session, input, signal, services: this.#services });
      this.#remember(planKey(session, name, input), plan);
      const whose = l10n.t('Connection: {0}', ownerOf(session).name);
      const message = [...plan.paragraphs, escapeMarkdown(whose)].join('\n\n');
      return {
        confirmationMessages: { title: plan.title, message: new MarkdownString(message) },
      };
    });
  }

  /** @throws Error with a sentence for the model; CancellationError */
  async invoke(
    name: string,
    given: unknown,
    token: CancellationToken,
  ): Promise<LanguageModelToolResult> {
    return await this.#said(name, async () => {
      const { tool, connection, input } = this.#find(name, given);
      if (this.#services.connections.current === undefined) return resultOf(noConnection());
      const signal = signalOf(token);
      const session = await this.#session({ connection }, signal);
      const answer =
        tool.kind === 'reading'
          ? await tool.read({ session, input, signal, services: this.#services })
          : await this.#agreed(planKey(session, name, input)).act({ session, signal });
      void showChanged(session, answer);
      return resultOf(answerText(session, answer, this.#services.connections.opened));
    });
  }

  #find(name: string, given: unknown): ConnectionInput & { tool: Tool; input: object } {
    const { languageModelTools } = (
      this.#services.context.extension.packageJSON as {
        contributes: { languageModelTools: readonly Contribution[] };
      }
    ).contributes;
    const contributed = languageModelTools.find(each => each.name === name);
    const tool = TOOLS[name];
    if (tool === undefined || contributed === undefined)
      throw new Error(`There is no tool ${name}`);
    const checked: ConnectionInput = checkInput(contributed.inputSchema, given);
    const { connection, ...input } = checked;
    return { tool, connection, input };
  }

  #session(input: ConnectionInput, signal: AbortSignal): Promise<Session> {
    return chosenSession(this.#services.connections, input, signal);
  }

  #remember(key: string, plan: Plan): void {
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > MAX_PLANS && oldest !== undefined) this.#plans.delete(oldest);
  }

  /** @throws BrigadeError `InvalidInput` where nobody was asked, or for another account */
  #agreed(key: string): Plan {
    const plan = this.#plans.get(key);
    this.#plans.delete(key);
    if (plan !== undefined) return plan;
    const sentence = l10n.t('Nothing was done: this wasn’t confirmed for the current connection.');
    throw new BrigadeError('InvalidInput', sentence);
  }

  async #said<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { log } = this.#services;
    try {
      log.debug(`${name} called`);
      return await work();
    } catch (error) {
      if (isCancellation(error)) throw new CancellationError();
      log.warn(`${name} failed: ${errorForLog(error)}`);
      throw new Error(errorText(error), { cause: error });
    }
  }
}

/**
 * The account too: what was agreed to for one is not done in another. VS Code lets nobody change an input
 * between the question and the call; whoever does finds no plan.
 */
function planKey({ key }: Session, name: string, input: object): string {
  return JSON.stringify([key, name, input]);
}

function resultOf(text: string): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}

function noConnection(): string {
  return 'Nothing was done: no connection is selected. Ask the user to run the command “Bucket Brigade: Select Connection…”, then try again.';
}

async function showChanged(session: Session, { changed }: Answer): Promise<void> {
  if (changed?.jobs) await runCommandFor(session, 'bucketBrigade.jobs.refresh');
  if (changed?.place) {
    await runCommandFor(session, 'bucketBrigade.explorer.refresh', changed.place);
  }
}
