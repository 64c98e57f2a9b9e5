/** In seconds: below any sensible time-out of the function, and below what networks keep an idle connection. */
export const defaultLifespan = { startLimit: 5, pauseLimit: 240 } as const;
