/**
 * In seconds: shorter than any reasonable time-out of the function, and shorter than networks keep an idle connection.
 */
export const defaultLifespan = { startLimit: 5, pauseLimit: 240 } as const;
