import type { ConnectionSettings } from '../aws/connection/connectionSettings.ts';
import { readConfigFiles } from '../aws/connection/configFiles.ts';
import { lastLink, type CredentialSource } from '../aws/connection/credentialSource.ts';
import { resolveConnection } from '../aws/connection/resolveConnection.ts';
import { BrigadeError } from '../aws/errors.ts';
import { ENVIRONMENT, labelOf, profileId, profileOf } from './connectionIds.ts';
import type { ConnectionDetails } from './connectionMemory.ts';
import { configSentence, describeConfigProblem } from './describeConfigProblem.ts';

/** A connection as its profile or environment describes it, before the user's own choices. */
export interface ConnectionSource extends ConnectionDetails {
  readonly id: string;
  /** How its credentials are obtained, if that can be read. */
  readonly signIn?: CredentialSource['kind'];
  /** Why it can't be used. */
  readonly problem?: BrigadeError;
}

export interface FileProblem {
  readonly sentence: string;
  readonly file?: string;
  readonly line?: number;
}

/**
 * Every profile of the shared config and credentials files, and last the environment. Those that
 * can't be used are among them and say why.
 */
export async function listSources(): Promise<ConnectionSource[]> {
  const files = await readConfigFiles();
  const ids = [...[...files.profiles.keys()].map(profileId), ENVIRONMENT];
  return ids.map(id => {
    try {
      const profile = profileOf(id);
      return { id, ...factsOf(resolveConnection({ profile }, files, process.env)) };
    } catch (error) {
      const problem = configSentence(error);
      if (problem instanceof BrigadeError) return { id, problem };
      throw error;
    }
  });
}

/** Problems of the files that belong to no profile, and where they are. */
export async function fileProblems(): Promise<FileProblem[]> {
  const { problems } = await readConfigFiles();
  return problems.map(problem => ({ ...problem, sentence: describeConfigProblem(problem) }));
}

function factsOf(settings: ConnectionSettings): Omit<ConnectionSource, 'id'> {
  return {
    region: settings.region?.value,
    endpoint: settings.endpoints.s3?.value,
    signIn: lastLink(settings.credentials).kind,
  };
}

/**
 * Everything about a connection, with where each value comes from.
 *
 * @throws BrigadeError `Misconfigured`
 */
export async function settingsOf(
  id: string,
  chosen: ConnectionDetails,
): Promise<ConnectionSettings> {
  const { region, endpoint } = chosen;
  const request = { profile: profileOf(id), region, endpoint };
  try {
    return resolveConnection(request, await readConfigFiles(), process.env);
  } catch (error) {
    throw configSentence(error, labelOf(id));
  }
}
