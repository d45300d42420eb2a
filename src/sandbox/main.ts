process.exitCode = 1;
process.stderr.write('The sandbox has no operations yet.\n');
