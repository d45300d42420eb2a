export type EndpointProblem = 'notUrl' | 'notHttp' | 'moreThanHost';

/**
 * What keeps a text from being a service endpoint. Keys in a URL would be remembered in the clear,
 * and a path or query is not part of an S3 endpoint.
 */
export function endpointProblem(text: string): EndpointProblem | undefined {
  if (!URL.canParse(text)) return 'notUrl';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'notHttp';
  const extra = url.username + url.password + url.search + url.hash;
  return extra !== '' || url.pathname !== '/' ? 'moreThanHost' : undefined;
}
