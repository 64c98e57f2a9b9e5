import { mendHcl } from '../../../stacks/hcl-text';

describe('the HCL of a stack', () => {
  it('has its required version, which cdktf omits', () => {
    expect(mendHcl('terraform {\n  0 = "required_version"\n}', '>= 1.11.0')).toBe(
      'terraform {\n  required_version = ">= 1.11.0"\n}',
    );
  });

  it('has conditions as blocks', () => {
    const list = '  precondition = [\n{\ncondition = "${a}"\nerror_message = "b"\n},\n]\n';
    expect(mendHcl(list, '')).toBe('  precondition {\ncondition = "${a}"\nerror_message = "b"\n}\n');
  });

  it('has references where Terraform accepts no string', () => {
    expect(mendHcl('replace_triggered_by = [\n"terraform_data.A-b",\n]', '')).toBe(
      'replace_triggered_by = [\nterraform_data.A-b,\n]',
    );
  });

  it('a string of several lines has no additional line break at its end', () => {
    expect(mendHcl('code = <<EOF\na\nb\nEOF\nname = "x"\n', '')).toBe(
      'code = trimsuffix(<<EOF\na\nb\nEOF\n, "\\n")\nname = "x"\n',
    );
  });

  it('an output of digits stays a string, and depends on a reference', () => {
    expect(
      mendHcl(
        'output "a" {\nvalue = 1\ndepends_on = [\n"aws_a.B"\n]\n}\nresource "r" "b" {\ncount = 1\n}\n',
        '',
      ),
    ).toBe('output "a" {\nvalue = "1"\ndepends_on = [\naws_a.B\n]\n}\nresource "r" "b" {\ncount = 1\n}\n');
  });
});
