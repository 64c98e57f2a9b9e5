#!/usr/bin/env node
require('sucrase/register/ts');
require('../cli/kairos.ts');
