/**
 * Whether every trial of a table is run, as with `npm run test:trials`. Otherwise enough of them are run to test each row
 * and each column once.
 */
export const everyTrial = process.env.KAIROS_EVERY_TRIAL === '1';
