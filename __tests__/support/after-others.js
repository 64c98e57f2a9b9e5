const { constants, setPriority } = require('node:os');

// The end-to-end tests are the longest chain of steps. Tests that only compute leave them the processor, and everything
// ends sooner.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
