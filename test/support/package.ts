// `npm run package`: the extension as users get it, in one .vsix file.
import { packageVsix } from './vsix.ts';

console.log(await packageVsix());
