import { QuickPickItemKind, ThemeIcon, l10n, workspace, type QuickPickItem } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { CommandId } from '../commands.ts';
import type { Connection } from '../services.ts';
import { describeError } from '../vscode/describeError.ts';
import { openConfigFile } from '../vscode/openConfigFile.ts';
import { pick, runSteps } from '../vscode/prompts.ts';
import { runCommand } from '../vscode/runCommand.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { askEndpoint } from './askEndpoint.ts';
import { askRegion } from './askRegion.ts';
import {
  ENVIRONMENT,
  SANDBOX,
  SANDBOX_REGION,
  connectionOf,
  isConnectionId,
  labelOf,
} from './connectionIds.ts';
import {
  fileProblems,
  listSources,
  type ConnectionSource,
  type FileProblem,
} from './connectionSources.ts';

/**
 * Chooses whom to talk to and opens the session, so that a mistake shows at once. Asks unless an id
 * is given; the Region is asked for only where neither the profile nor an earlier choice has one.
 */
export async function selectConnection(
  connections: ActiveConnections,
  connectionId?: string,
): Promise<void> {
  await chooseWith(connections, DEFAULT, connectionId);
}

/**
 * Opens a connection besides those that are open, and its session.
 *
 * @param connectionId asked for when absent
 */
export async function openAnotherConnection(
  connections: ActiveConnections,
  connectionId?: string,
): Promise<void> {
  await chooseWith(connections, ANOTHER, connectionId);
}

/** What happens to the connection that is chosen. */
interface Purpose {
  readonly title: () => string;
  readonly placeholder: () => string;
  readonly isOffered: (connections: ActiveConnections, id: string) => boolean;
  readonly open: (connections: ActiveConnections, connection: Connection) => Promise<void>;
}

const DEFAULT: Purpose = {
  title: () => l10n.t('Select Connection'),
  placeholder: () => l10n.t('Select a connection'),
  isOffered: () => true,
  open: async (connections, connection) => connections.choose(connection),
};

const ANOTHER: Purpose = {
  title: () => l10n.t('Open Another Connection'),
  placeholder: () => l10n.t('Select another connection to open'),
  isOffered: ({ opened }, id) => !opened.some(one => one.id === id),
  open: async (connections, connection) => connections.openAnother(connection),
};

async function chooseWith(
  connections: ActiveConnections,
  purpose: Purpose,
  connectionId: string | undefined,
): Promise<void> {
  if (connectionId === undefined) {
    await ask(connections, purpose);
    return;
  }
  if (!isConnectionId(connectionId)) {
    throw new BrigadeError('InvalidInput', l10n.t('{0} isn’t a connection.', String(connectionId)));
  }
  await use(connections, purpose, await sourceOf(connectionId));
}

type ChoiceItem = QuickPickItem & ({ source: ConnectionSource } | { run: () => unknown });

async function ask(connections: ActiveConnections, purpose: Purpose): Promise<void> {
  const { current } = connections;
  let chosen: ChoiceItem | undefined;
  let region: string | undefined;
  await runSteps([
    async position => {
      chosen = await pick<ChoiceItem>({
        ...position,
        title: purpose.title(),
        totalSteps: undefined,
        step: undefined,
        placeholder: purpose.placeholder(),
        items: () => choices(connections, purpose),
        active: item => 'source' in item && item.source.id === current?.id,
      });
      return undefined;
    },
    async position => {
      region = undefined;
      if (!chosen || !('source' in chosen)) return 'skipped';
      if (chosen.source.problem || regionOf(connections, chosen.source)) {
        return 'skipped';
      }
      const { id } = chosen.source;
      region = await askRegion(labelOf(id), {
        position,
        endpoint: endpointOf(connections, chosen.source),
      });
      return undefined;
    },
  ]);
  if (!chosen) return;
  if ('run' in chosen) await chosen.run();
  else await use(connections, purpose, chosen.source, region);
}

function regionOf(connections: ActiveConnections, source: ConnectionSource): string | undefined {
  if (source.id === SANDBOX) return SANDBOX_REGION;
  return connections.memory.details(source.id).region ?? source.region;
}

function endpointOf(connections: ActiveConnections, source: ConnectionSource): string | undefined {
  return connections.memory.details(source.id).endpoint ?? source.endpoint;
}

async function use(
  connections: ActiveConnections,
  purpose: Purpose,
  source: ConnectionSource,
  chosenRegion?: string,
): Promise<void> {
  const { id, problem } = source;
  if (problem) throw problem;
  let region = chosenRegion ?? regionOf(connections, source);
  const endpoint = endpointOf(connections, source);
  if (region === undefined) region = await askRegion(labelOf(id), { endpoint });
  if (id === SANDBOX) connections.sandbox.allowUse();
  else if (region !== source.region) await connections.memory.setDetails(id, { region });
  await purpose.open(connections, connectionOf(id, region, endpoint));
  await connections.session(undefined, id);
}

async function sourceOf(id: string): Promise<ConnectionSource> {
  if (id === SANDBOX) return SANDBOX_SOURCE;
  const source = (await listSources()).find(candidate => candidate.id === id);
  if (!source) {
    throw new BrigadeError('NotFound', `No such profile: ${id}`, {
      subject: l10n.t('AWS profile {0}', labelOf(id)),
    });
  }
  return source;
}

const SANDBOX_SOURCE: ConnectionSource = { id: SANDBOX, region: SANDBOX_REGION };

async function choices(connections: ActiveConnections, purpose: Purpose): Promise<ChoiceItem[]> {
  const [all, problems] = await Promise.all([listSources(), fileProblems()]);
  const sources = all.filter(({ id }) => purpose.isOffered(connections, id));
  const profiles = sources.filter(({ id }) => id !== ENVIRONMENT);
  const environment = sources.filter(({ id }) => id === ENVIRONMENT);
  return [
    ...(purpose.isOffered(connections, SANDBOX) ? [sandboxItem(connections)] : []),
    ...(profiles.length > 0 ? [separator(l10n.t('AWS profiles'))] : []),
    ...profiles.map(source => sourceItem(connections, source, 'account')),
    ...problems.map(problemItem),
    ...(environment.length > 0 ? [separator(l10n.t('Without a profile'))] : []),
    ...environment.map(source => ({
      detail: l10n.t('Environment variables of VS Code, or the role of this instance.'),
      ...sourceItem(connections, source, 'terminal'),
    })),
    ...(purpose === DEFAULT ? [...severalItems(connections), ...actionItems(connections)] : []),
  ];
}

/** VS Code never hands a separator back as the choice. */
function separator(label: string): ChoiceItem {
  return { label, kind: QuickPickItemKind.Separator, run: () => undefined };
}

function sandboxItem(connections: ActiveConnections): ChoiceItem {
  return {
    source: SANDBOX_SOURCE,
    label: labelOf(SANDBOX),
    iconPath: new ThemeIcon('beaker'),
    description: description(connections, SANDBOX, [
      connections.sandbox.state === 'running' ? l10n.t('running') : l10n.t('not running'),
    ]),
    detail: l10n.t('Amazon S3 on this computer, with buckets to try things on. Needs no account.'),
  };
}

function sourceItem(
  connections: ActiveConnections,
  source: ConnectionSource,
  icon: string,
): ChoiceItem {
  const region = regionOf(connections, source);
  const endpoint = endpointOf(connections, source);
  return {
    source,
    label: labelOf(source.id),
    iconPath: new ThemeIcon(source.problem ? 'warning' : icon),
    description: description(connections, source.id, [region, endpoint, signInName(source)]),
    ...(source.problem && { detail: describeError(source.problem) }),
  };
}

/** What is wrong in the files themselves; choosing it opens the place. */
function problemItem({ sentence, file, line }: FileProblem): ChoiceItem {
  return {
    label: sentence,
    iconPath: new ThemeIcon('warning'),
    run: () => file !== undefined && openConfigFile({ file, line }),
  };
}

function signInName({ signIn }: ConnectionSource): string | undefined {
  if (signIn === 'sso') return 'IAM Identity Center';
  return signIn === 'login' ? 'aws login' : undefined;
}

function description(
  { current, opened }: ActiveConnections,
  id: string,
  facts: readonly (string | undefined)[],
): string {
  const isOpen = opened.some(one => one.id === id);
  const mark =
    current?.id === id
      ? opened.length > 1
        ? l10n.t({ message: 'default', comment: ['A connection'] })
        : l10n.t('current')
      : isOpen
        ? l10n.t('open')
        : undefined;
  return [...facts, mark].filter(fact => fact !== undefined).join(' · ');
}

function action(label: string, icon: string, run: () => unknown): ChoiceItem {
  return { label, iconPath: new ThemeIcon(icon), run };
}

function command(label: string, icon: string, id: CommandId): ChoiceItem {
  return action(label, icon, () => runCommand(id));
}

/** What there is to do with several connections. */
function severalItems({ current, opened }: ActiveConnections): ChoiceItem[] {
  if (!current) return [];
  const another = l10n.t('Open Another Connection…');
  const close = l10n.t('Close Connection…');
  return [
    separator(l10n.t('Multiple connections')),
    command(another, 'add', 'bucketBrigade.connections.openAnother'),
    ...(opened.length > 1 ? [command(close, 'close', 'bucketBrigade.connections.close')] : []),
  ];
}

function actionItems(connections: ActiveConnections): ChoiceItem[] {
  const { current, sandbox } = connections;
  if (!current) return [];
  if (current.id !== SANDBOX) {
    return [
      separator(l10n.t('Current connection')),
      action(l10n.t('Change Region…'), 'globe', () => changeRegion(connections)),
      ...(workspace.isTrusted
        ? [action(l10n.t('Change Endpoint…'), 'link', () => changeEndpoint(connections))]
        : []),
      command(l10n.t('Sign In…'), 'sign-in', 'bucketBrigade.connections.signIn'),
      command(l10n.t('Show Connection'), 'info', 'bucketBrigade.connections.show'),
    ];
  }
  return [
    separator(l10n.t('Local Sandbox')),
    sandbox.state === 'running'
      ? command(l10n.t('Stop Sandbox'), 'debug-stop', 'bucketBrigade.sandbox.stop')
      : command(l10n.t('Start Sandbox'), 'play', 'bucketBrigade.sandbox.start'),
    command(l10n.t('Reset Sandbox…'), 'trash', 'bucketBrigade.sandbox.reset'),
  ];
}

async function changeRegion(connections: ActiveConnections): Promise<void> {
  const { current } = connections;
  if (!current) return;
  const region = await askRegion(current.label, {
    current: current.region,
    endpoint: current.endpoint,
  });
  await connections.memory.setDetails(current.id, { region });
  await connections.choose({ ...current, region });
  await connections.session();
}

async function changeEndpoint(connections: ActiveConnections): Promise<void> {
  const { current } = connections;
  if (!current) return;
  const endpoint = await askEndpoint(current.label, current.endpoint);
  await connections.memory.setDetails(current.id, { endpoint });
  await connections.choose(connectionOf(current.id, current.region, endpoint));
  await connections.session();
}
