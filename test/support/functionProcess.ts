import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../src/sandbox/server.ts';

const DRIVER = fileURLToPath(new URL('invokeHandler.mjs', import.meta.url));

export interface Answer {
  /** What the handler returned. */
  readonly result?: unknown;
  /** What it threw, or what loading it threw. */
  readonly error?: { readonly name: string; readonly message: string };
  /** Milliseconds that loading took. */
  readonly loaded?: number;
  readonly peakKilobytes?: number;
}

/** An unpacked function in a process of its own, with an environment of its own. */
export class FunctionProcess implements AsyncDisposable {
  /** What the function wrote. */
  output = '';
  /** How loading it went. */
  readonly loading: Promise<Answer>;
  readonly #child: ChildProcess;

  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#child = fork(DRIVER, [folder], { env, execArgv: [], silent: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.loading = this.#next();
  }

  async invoke(event: unknown, milliseconds = 30_000): Promise<Answer> {
    const answer = await this.loading;
    if (answer.error) throw new Error(answer.error.message);
    const next = this.#next();
    this.#child.send({ event, milliseconds });
    return await next;
  }

  /** The lines of JSON that it logged. */
  logged(): Record<string, unknown>[] {
    const lines = this.output.split('\n').filter(line => line.startsWith('{'));
    return lines.map(line => JSON.parse(line) as Record<string, unknown>);
  }

  async #next(): Promise<Answer> {
    const gone = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`The function ended (${code ?? signal}): ${this.output}`);
    });
    const [answer] = (await Promise.race([once(this.#child, 'message'), gone])) as [Answer];
    gone.catch(() => undefined);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}

type Keys = Pick<Sandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'> & {
  readonly sessionToken?: string | undefined;
};

/** The environment that Lambda gives a function, for a sandbox instead of AWS. */
export function lambdaEnvironment({ sessionToken, ...keys }: Keys): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: keys.endpoint,
    AWS_REGION: keys.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  };
}
