import { identify } from '../../src/aws/identify.ts';
import { createClients } from '../../src/aws/clients.ts';
import { newSuffix } from '../account/runNames.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { makeRoles, runScenarios, type Played } from './runScenarios.ts';
import type { Scenario } from './scenario.ts';
import { NAMING } from './scenarios.ts';

interface PlayOptions {
  readonly signal?: AbortSignal;
  /** Changes the sandbox before it is asked. */
  readonly prepare?: (sandbox: SandboxClients['sandbox']) => void;
}

/** Plays scenarios on a sandbox of its own, in the Region whose answers they are to be held against. */
export async function playOnSandbox(
  scenarios: readonly Scenario[],
  region: string,
  { signal, prepare }: PlayOptions = {},
): Promise<Played[]> {
  const world = await startSandboxClients();
  prepare?.(world.sandbox);
  const identity = await identify(world.clients.config, { signal });
  const clients = createClients({ ...world.clients.config, region }, identity);
  try {
    const names = NAMING.namesOf(newSuffix(NAMING.prefix), region);
    const side = { clients, identity, names, signal };
    await makeRoles(side);
    return await runScenarios(side, scenarios);
  } finally {
    clients.destroy();
    await world.close();
  }
}
