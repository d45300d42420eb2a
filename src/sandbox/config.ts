import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAccessKeyId, newSecretAccessKey } from './auth/credentials.ts';

/** What a data folder remembers of itself; made at the first start and kept. */
export interface SandboxConfig {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The port of the last start, taken again when the caller asks for any. */
  readonly port?: number;
}

/** What `sandbox.json` tells a second window while the sandbox runs. */
export interface EndpointInfo extends Omit<SandboxConfig, 'port'> {
  readonly endpoint: string;
  readonly region: string;
  readonly pid: number;
}

const CONFIG = 'credentials.json';
const ENDPOINT = 'sandbox.json';

/** Reads the folder's configuration, or makes it with new keys. */
export function loadConfig(directory: string): SandboxConfig {
  try {
    return JSON.parse(readFileSync(join(directory, CONFIG), 'utf8')) as SandboxConfig;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const config: SandboxConfig = {
    // The account that AWS's documentation uses in its examples.
    accountId: '123456789012',
    accessKeyId: newAccessKeyId('AKIA'),
    secretAccessKey: newSecretAccessKey(),
  };
  saveConfig(directory, config);
  return config;
}

export function saveConfig(directory: string, config: SandboxConfig): void {
  writeSecret(join(directory, CONFIG), config);
}

export function writeEndpointInfo(directory: string, info: EndpointInfo): void {
  writeSecret(join(directory, ENDPOINT), info);
}

export function removeEndpointInfo(directory: string): void {
  rmSync(join(directory, ENDPOINT), { force: true });
}

/** Whole or not at all, and readable by its owner only. */
function writeSecret(file: string, value: object): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
