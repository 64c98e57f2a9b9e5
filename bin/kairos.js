#!/usr/bin/env node
require('./typescript');
require('../cli/kairos.ts');
