import { defaultOf, SETTING_VARIABLES } from '../resizeFunction/resizeSettings.ts';
import { queryLiteral } from '../shellText.ts';
import { roleArnOf, type DeploymentFacts } from './deploymentFacts.ts';
import { lambdaConfigurations } from './lambdaConfigurations.ts';

/** What Lambda is to run a function with, as CreateFunction and UpdateFunctionConfiguration name it. */
export function runSettings(facts: DeploymentFacts) {
  const { runtime, handler, memoryMegabytes, timeoutSeconds } = facts.function;
  return {
    Runtime: runtime,
    Handler: handler,
    Role: roleArnOf(facts),
    MemorySize: memoryMegabytes,
    Timeout: timeoutSeconds,
  };
}

/**
 * What UpdateFunctionConfiguration is asked, made of what the function has: Lambda replaces all
 * variables, so those of others are read and sent along. A setting that is not wanted any more can't be
 * taken away by a query; where the function has it, it gets the value that it has by default.
 */
export function settingsQuery(facts: DeploymentFacts): string {
  const settings = Object.entries(runSettings(facts)).map(
    ([name, value]) => `${name}: ${queryLiteral(value)}`,
  );
  const variables = 'not_null(Environment.Variables, `{}`)';
  const resets = Object.entries(unsetVariables(facts.function.environment)).map(
    ([name, value]) =>
      `contains(keys(${variables}), ${queryLiteral(name)}) && ${queryLiteral({ [name]: value })} || \`{}\``,
  );
  const merged = [variables, ...resets, queryLiteral(facts.function.environment)].join(',\n    ');
  return `{FunctionName: FunctionName, ${settings.join(', ')}, Environment: {Variables: merge(\n    ${merged})}}`;
}

/** The settings that a function's variables leave out, with values that mean the same. */
function unsetVariables(environment: Readonly<Record<string, string>>): Record<string, string> {
  const left = SETTING_VARIABLES.filter(name => !(name in environment));
  return Object.fromEntries(left.map(name => [name, defaultOf(name) ?? '']));
}

/** The bucket's whole configuration with the entries of the deployment in it, of what S3 says now. */
export function notificationQuery({ entries, ownIdPrefix }: DeploymentFacts): string {
  const id = 'not_null(Id, `""`)';
  const ids = queryLiteral(entries.map(entry => entry.id));
  const theirs = [
    `contains(${ids}, ${id}) == \`false\``,
    ...(ownIdPrefix === undefined
      ? []
      : [`starts_with(${id}, ${queryLiteral(ownIdPrefix)}) == \`false\``]),
  ].join(' && ');
  const others = `not_null(LambdaFunctionConfigurations, \`[]\`)[?${theirs}]`;
  const ours = queryLiteral(lambdaConfigurations(entries));
  return `merge(@, {LambdaFunctionConfigurations: [${others}, ${ours}][]})`;
}
