import { z } from 'zod';

/** Of an image. */
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Its name in the table. */
export const environment = z.string();
