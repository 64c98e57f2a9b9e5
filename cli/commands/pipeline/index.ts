import { Command } from 'commander';
import { applyCommand } from './apply';
import { commentCommand } from './comment';
import { endCanaryCommand } from './end-canary';
import { driftCommand } from './drift';
import { planCommand } from './plan';
import { reviewedCommand } from './reviewed';
import { updateClientCommand } from './update-client';

export function pipelineCommand(): Command {
  return new Command('pipeline')
    .helpCommand(false)
    .addCommand(planCommand())
    .addCommand(commentCommand())
    .addCommand(reviewedCommand())
    .addCommand(driftCommand())
    .addCommand(applyCommand())
    .addCommand(endCanaryCommand())
    .addCommand(updateClientCommand());
}
