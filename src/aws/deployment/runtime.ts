/** Lambda's runtime and handler of the bundled functions. Nothing here loads the AWS SDK. */
export const RUNTIME = 'nodejs24.x';
export const HANDLER = 'index.handler';
