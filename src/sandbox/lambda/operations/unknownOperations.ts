/** Operations that the sandbox does not do, so that the answer can name them. */
const NAMES: readonly (readonly [method: string, path: RegExp, name: string])[] = [
  ['POST', /^\/2015-03-31\/functions\/[^/]+\/versions\/?$/, 'PublishVersion'],
  ['POST', /^\/2015-03-31\/functions\/[^/]+\/aliases\/?$/, 'CreateAlias'],
  ['GET', /^\/2015-03-31\/functions\/[^/]+\/aliases\/?$/, 'ListAliases'],
  ['GET', /^\/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'GetAlias'],
  ['PUT', /^\/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'UpdateAlias'],
  ['DELETE', /^\/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'DeleteAlias'],
  ['POST', /^\/2015-03-31\/event-source-mappings\/?$/, 'CreateEventSourceMapping'],
  ['GET', /^\/2015-03-31\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  ['POST', /^\/2014-11-13\/functions\/[^/]+\/invoke-async\/?$/, 'InvokeAsync'],
  [
    'POST',
    /^\/2021-11-15\/functions\/[^/]+\/response-streaming-invocations$/,
    'InvokeWithResponseStream',
  ],
  ['PUT', /^\/2024-08-31\/functions\/[^/]+\/recursion-config$/, 'PutFunctionRecursionConfig'],
  ['GET', /^\/2024-08-31\/functions\/[^/]+\/recursion-config$/, 'GetFunctionRecursionConfig'],
  [
    'GET',
    /^\/2021-07-20\/functions\/[^/]+\/runtime-management-config$/,
    'GetRuntimeManagementConfig',
  ],
  [
    'PUT',
    /^\/2021-07-20\/functions\/[^/]+\/runtime-management-config$/,
    'PutRuntimeManagementConfig',
  ],
  ['POST', /^\/2021-10-31\/functions\/[^/]+\/url$/, 'CreateFunctionUrlConfig'],
  ['GET', /^\/2021-10-31\/functions\/[^/]+\/url$/, 'GetFunctionUrlConfig'],
  ['GET', /^\/2018-10-31\/layers/, 'ListLayers'],
  ['POST', /^\/2018-10-31\/layers\/[^/]+\/versions$/, 'PublishLayerVersion'],
  [
    'PUT',
    /^\/2019-09-30\/functions\/[^/]+\/provisioned-concurrency$/,
    'PutProvisionedConcurrencyConfig',
  ],
  [
    'GET',
    /^\/2019-09-30\/functions\/[^/]+\/provisioned-concurrency$/,
    'GetProvisionedConcurrencyConfig',
  ],
];

/** The name of an operation of the Lambda API, or its method and path where that is not known. */
export function unknownOperation(method: string, path: string): string {
  const known = NAMES.find(([wanted, pattern]) => wanted === method && pattern.test(path));
  return known?.[2] ?? `Lambda ${method} ${path}`;
}
