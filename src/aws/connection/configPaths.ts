import { homedir } from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; an empty one counts as not set. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

/** The files that AWS's tools read: named by the environment, or in `~/.aws`. */
export function configPaths(environment: Environment = process.env): {
  readonly config: string;
  readonly credentials: string;
} {
  const named = (name: string, otherwise: string): string => {
    const text = variable(environment, name);
    if (text === undefined) return path.join(homedir(), '.aws', otherwise);
    const expanded = text.replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (all, braced?: string, bare?: string) => environment[braced ?? bare ?? ''] ?? all,
    );
    return expanded.replace(/^~(?=$|[\\/])/, homedir());
  };
  return {
    config: named('AWS_CONFIG_FILE', 'config'),
    credentials: named('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}
