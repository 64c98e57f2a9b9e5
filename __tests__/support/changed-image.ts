import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { putImage } from './aws';
import type { Project } from './project';

/**
 * Stages an image that differs from the running one, where the function runner looks for it.
 * @param tag its content tag, which also determines its digest.
 * @param change changes the folder of its files.
 * @returns its digest.
 */
export async function putChangedImage(
  project: Project,
  stack: string,
  tag: string,
  change: (folder: string) => void,
): Promise<string> {
  const { stdout } = await project.terraform(stack, ['output', '-raw', 'image_digest']);
  const current = folderOf(project, stdout.trim());
  const digest = await putImage(project.clients().ecr, tag);
  const folder = folderOf(project, digest);
  mkdirSync(folder, { recursive: true });
  cpSync(`${current}/context`, `${folder}/context`, { recursive: true });
  change(`${folder}/context`);
  writeFileSync(`${folder}/image.json`, JSON.stringify({ digest, tag, command: ['start_up.handler'] }));
  return digest;
}

function folderOf(project: Project, digest: string): string {
  return project.home.path('images', digest.replace('sha256:', ''));
}
