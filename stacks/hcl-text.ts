/**
 * Mends what `cdktf synth --hcl` of 0.21 writes and Terraform does not read. cdktf is archived, and HCL is the way out
 * of it, so it must stay valid. In JSON, which is deployed, nothing of this is wrong.
 * @param hcl a whole stack.
 * @param requiredVersion the constraint of Terraform's version, which an override loses.
 */
export function mendHcl(hcl: string, requiredVersion: string): string {
  return [conditions, references, texts, outputs]
    .reduce((mended, mend) => mend(mended), hcl)
    .replace(/^\s*\d+ = "required_version"$/m, `  required_version = ${JSON.stringify(requiredVersion)}`);
}

/** `precondition` and `postcondition` are blocks; cdktf writes them as a list of objects. */
function conditions(hcl: string): string {
  return hcl.replace(
    /^(\s*)(precondition|postcondition) = \[\n([\s\S]*?)^\]$/gm,
    (_, indent: string, kind: string, list: string) =>
      list.replace(/^\{$/gm, `${indent}${kind} {`).replace(/^\},$/gm, '}').trimEnd(),
  );
}

/** `replace_triggered_by` takes references and no text, and `depends_on` of an output warns of it. */
function references(hcl: string): string {
  return hcl.replace(
    /^(\s*(?:replace_triggered_by|depends_on) = \[\n)([\s\S]*?)^(\s*\])$/gm,
    (_, begin: string, list: string, end: string) => `${begin}${list.replace(/"([\w.-]+)"/g, '$1')}${end}`,
  );
}

/** A heredoc ends with a line break of its own, which the text does not have: a plan would show it as a change. */
function texts(hcl: string): string {
  return hcl.replace(
    /^(\s*\w+ = )(<<(\w+)\n[\s\S]*?^\3)$/gm,
    (_, begin: string, heredoc: string) => `${begin}trimsuffix(${heredoc}\n, "\\n")`,
  );
}

/** Every output of ours is a text; cdktf writes one of digits as a number, which a plan would show as a change. */
function outputs(hcl: string): string {
  return hcl.replace(/^(output "\w+" \{\n\s*value = )(\d+)$/gm, '$1"$2"');
}
