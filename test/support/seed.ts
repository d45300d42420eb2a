import fc from 'fast-check';

// The same cases in every run: what a test says is then of the change and not of chance.
// BUCKET_BRIGADE_SEED=random looks for new ones.
if (process.env['BUCKET_BRIGADE_SEED'] !== 'random') fc.configureGlobal({ seed: 20_261_122 });
