/** The one Region that the sandbox is in. */
export const REGION = 'us-east-1';
