import { readFileSync } from 'node:fs';
import type { Configuration } from '../../config/types';
import { reportUserErrors } from '../../errors';
import { synthesize } from '../../main';

/** The real application with the table of a file, as it stands in KAIROS_TABLE. */
reportUserErrors(() => {
  synthesize(JSON.parse(readFileSync(process.env.KAIROS_TABLE ?? '', 'utf8')) as Configuration);
});
