const { constants, getPriority, setPriority } = require('node:os');

// The end-to-end tests are the longest chain of steps. Tests that only compute leave them the processor, and everything
// ends sooner. A run that already has a lower priority may not raise it.
const { PRIORITY_BELOW_NORMAL } = constants.priority;
if (getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);
