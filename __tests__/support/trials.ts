/**
 * Whether every trial of a table is run, as with `npm run test:trials`. `npm test` has half an hour, so it runs enough
 * of them to test each row and each column once.
 */
export const everyTrial = process.env.KAIROS_EVERY_TRIAL === '1';
