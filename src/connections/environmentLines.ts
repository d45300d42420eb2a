import type { SandboxAddress } from './sandboxProcess.ts';

/**
 * Lines for a terminal after which the aws CLI and every SDK in it talk to the sandbox, in the syntax
 * of the user's shell. A profile or session token from before would win over the keys or spoil them.
 */
export function environmentLines(address: SandboxAddress, shell: string): string {
  const syntax = syntaxFor(shell);
  const values = {
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_REGION: address.region,
    AWS_DEFAULT_REGION: address.region,
    AWS_ACCESS_KEY_ID: address.accessKeyId,
    AWS_SECRET_ACCESS_KEY: address.secretAccessKey,
  };
  return [
    ...['AWS_PROFILE', 'AWS_SESSION_TOKEN'].map(syntax.unset),
    ...Object.entries(values).map(([name, value]) => syntax.set(name, value)),
    '',
  ].join(syntax.newline);
}

interface ShellSyntax {
  readonly newline: string;
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
}

function syntaxFor(shell: string): ShellSyntax {
  const name = shell.split(/[\\/]/).at(-1) ?? '';
  if (/^(pwsh|powershell)/i.test(name)) {
    return {
      newline: '\n',
      set: (key, value) => `$env:${key} = '${value}'`,
      unset: key => `$env:${key} = $null`,
    };
  }
  if (/^cmd/i.test(name)) {
    return {
      newline: '\r\n',
      set: (key, value) => `set "${key}=${value}"`,
      unset: key => `set "${key}="`,
    };
  }
  if (/^fish/.test(name)) {
    return {
      newline: '\n',
      set: (key, value) => `set -gx ${key} '${value}'`,
      unset: key => `set -e ${key}`,
    };
  }
  return {
    newline: '\n',
    set: (key, value) => `export ${key}='${value}'`,
    unset: key => `unset ${key}`,
  };
}
