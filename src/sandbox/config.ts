import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renameFileSync } from '../system/renameFile.ts';
import { newAccessKeyId, newSecretAccessKey } from './auth/credentials.ts';
import type { FaultState } from './requestedFaults/faultFile.ts';
import { damagedFolder } from './dataFolderError.ts';

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
  /** What was asked for to go wrong, so that a window can show it. */
  readonly faults: FaultState | undefined;
}

const CONFIG = 'credentials.json';
const ENDPOINT = 'sandbox.json';

/**
 * Reads the folder's configuration, or makes it with new keys where there is none.
 * @throws DataFolderError when the file holds no keys: then it is not replaced, and nothing starts
 */
export function loadConfig(directory: string): SandboxConfig {
  const text = readIfThere(join(directory, CONFIG));
  if (text !== undefined) return parseConfig(directory, text);
  const config: SandboxConfig = {
    // The account that AWS's documentation uses in its examples.
    accountId: '123456789012',
    accessKeyId: newAccessKeyId('AKIA'),
    secretAccessKey: newSecretAccessKey(),
  };
  saveConfig(directory, config);
  return config;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const SHAPES = { accountId: /^\d{12}$/, accessKeyId: /^\w{16,128}$/, secretAccessKey: /^\S{16,}$/ };

function parseConfig(directory: string, text: string): SandboxConfig {
  const value = parseJson(text);
  for (const [name, shape] of Object.entries(SHAPES)) {
    const member = isRecord(value) ? value[name] : undefined;
    if (typeof member === 'string' && shape.test(member)) continue;
    throw damagedFolder(directory, `${CONFIG} has no valid ${name}`);
  }
  const config = value as SandboxConfig;
  const { port } = config;
  const listens = Number.isInteger(port) && port !== undefined && port > 0 && port < 65536;
  return { ...config, port: listens ? port : undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
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
  renameFileSync(draft, file);
}
