/** What the commands of links do, loaded when the first of them is run. */
export { copyPresignedUrls } from './presignedUrls.ts';
export { copyUploadUrl } from './uploadUrl.ts';
export { openInConsole } from './openInConsole.ts';
