import { readFileSync } from 'node:fs';
import type { Configuration } from '../../config/types';
import { reportUserErrors } from '../../errors';
import { synthesize } from '../../main';

/** The real application with the table in the file that KAIROS_TABLE names. */
reportUserErrors(() => {
  synthesize(JSON.parse(readFileSync(process.env.KAIROS_TABLE ?? '', 'utf8')) as Configuration);
});
