import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';

export interface Output {
  readonly code: number;
  /** Standard output and standard error, in the order they came. */
  readonly text: string;
}

/** Runs a program to its end; the output is collected, and passed on line by line to `print`. */
export function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly print?: (line: string) => void } = {},
): Promise<Output> {
  const { print, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: string[] = [];
    let line = '';
    const collect = (chunk: string): void => {
      chunks.push(chunk);
      const lines = (line + chunk).split('\n');
      line = lines.pop() ?? '';
      lines.forEach(complete => print?.(complete));
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', code => {
      if (line) print?.(line);
      resolve({ code: code ?? 1, text: chunks.join('') });
    });
  });
}

/**
 * Like `run`, for a step that must succeed.
 *
 * @throws Error with the end of the output when the program fails.
 */
export async function runOrFail(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly print?: (line: string) => void } = {},
): Promise<string> {
  const { code, text } = await run(command, args, options);
  if (code !== 0) {
    const end = text.split('\n').slice(-40).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${end}`);
  }
  return text;
}

/** The absolute path of a program on the PATH, or undefined. */
export function findOnPath(command: string): string | undefined {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  const { status, stdout } = spawnSync(finder, [command], { encoding: 'utf8' });
  return status === 0 ? stdout.split(/\r?\n/)[0] : undefined;
}
