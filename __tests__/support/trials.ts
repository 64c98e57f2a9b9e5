/**
 * Whether every trial of a table is made, as `npm run test:trials` asks for. `npm test` has half an hour, so it makes as
 * many of them as show each row and each column once.
 */
export const everyTrial = process.env.KAIROS_EVERY_TRIAL === '1';
