import { Command } from 'commander';
import { applyCommand } from './apply';
import { commentCommand } from './comment';
import { driftCommand } from './drift';
import { planCommand } from './plan';
import { reviewedCommand } from './reviewed';

export function pipelineCommand(): Command {
  return new Command('pipeline')
    .helpCommand(false)
    .addCommand(planCommand())
    .addCommand(commentCommand())
    .addCommand(reviewedCommand())
    .addCommand(driftCommand())
    .addCommand(applyCommand());
}
