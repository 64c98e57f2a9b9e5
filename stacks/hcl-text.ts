/**
 * Corrects the output of `cdktf synth --hcl` 0.21 where Terraform cannot read it. cdktf is archived, and HCL is the way
 * to leave it, so the HCL must stay valid. The JSON, which is deployed, has none of these errors.
 * @param hcl a whole stack.
 * @param requiredVersion the version constraint for Terraform, which is lost if it is an override.
 */
export function mendHcl(hcl: string, requiredVersion: string): string {
  return [conditions, references, texts, outputs]
    .reduce((mended, mend) => mend(mended), hcl)
    .replace(/^\s*\d+ = "required_version"$/m, `  required_version = ${JSON.stringify(requiredVersion)}`);
}

/** `precondition` and `postcondition` are blocks. cdktf writes them as a list of objects. */
function conditions(hcl: string): string {
  return hcl.replace(
    /^(\s*)(precondition|postcondition) = \[\n([\s\S]*?)^\]$/gm,
    (_, indent: string, kind: string, list: string) =>
      list.replace(/^\{$/gm, `${indent}${kind} {`).replace(/^\},$/gm, '}').trimEnd(),
  );
}

/** `replace_triggered_by` takes references and not strings. `depends_on` of an output prints a warning for strings. */
function references(hcl: string): string {
  return hcl.replace(
    /^(\s*(?:replace_triggered_by|depends_on) = \[\n)([\s\S]*?)^(\s*\])$/gm,
    (_, begin: string, list: string, end: string) => `${begin}${list.replace(/"([\w.-]+)"/g, '$1')}${end}`,
  );
}

/** A heredoc ends with an additional line break, which a plan would show as a change. */
function texts(hcl: string): string {
  return hcl.replace(
    /^(\s*\w+ = )(<<(\w+)\n[\s\S]*?^\3)$/gm,
    (_, begin: string, heredoc: string) => `${begin}trimsuffix(${heredoc}\n, "\\n")`,
  );
}

/** All our outputs are strings. cdktf writes an output of digits as a number, which a plan would show as a change. */
function outputs(hcl: string): string {
  return hcl.replace(/^(output "\w+" \{\n\s*value = )(\d+)$/gm, '$1"$2"');
}
