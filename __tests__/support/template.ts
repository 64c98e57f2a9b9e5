import { App, Testing, TerraformStack } from 'cdktf';
import { z } from 'zod';

type Block = Readonly<Record<string, unknown>>;

const blocks = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const templateSchema = z.object({
  resource: blocks.default({}),
  data: blocks.default({}),
  output: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  variable: z.record(z.string(), z.unknown()).default({}),
  terraform: z.record(z.string(), z.unknown()).default({}),
  provider: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).default({}),
  import: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** The synthesized JSON of a stack, as Terraform reads it. */
export class Template {
  private readonly content: z.infer<typeof templateSchema>;

  private constructor(readonly json: string) {
    this.content = templateSchema.parse(JSON.parse(json));
  }

  /** Synthesizes a stack with its validations. References to other stacks are resolved first. */
  static of(stack: TerraformStack): Template {
    for (const node of stack.node.root.node.findAll()) {
      if (TerraformStack.isStack(node)) node.prepareStack();
    }
    return new Template(Testing.synth(stack, true));
  }

  /** Reads JSON that is synthesized already. */
  static parse(json: string): Template {
    return new Template(json);
  }

  /** Synthesizes what a function creates in a separate stack, without provider or backend. */
  static from(make: (scope: TerraformStack) => void): Template {
    const stack = new TerraformStack(Testing.app(), 'test');
    make(stack);
    stack.prepareStack();
    return new Template(Testing.synth(stack));
  }

  /** @returns every resource of a type by its logical id; an empty object if there is none. */
  resources(type: string): Readonly<Record<string, Block>> {
    return this.content.resource[type] ?? {};
  }

  /**
   * @param id its logical id, if there are several of the type.
   * @returns the only resource of a type. @throws if there is none, or more than one.
   */
  resource(type: string, id?: string): Block {
    const found = this.resources(type);
    const named = Object.fromEntries(Object.entries(found).filter(([other]) => other === id));
    return only(id === undefined ? found : named, type);
  }

  /** @returns the only data source of a type. @throws if there is none, or more than one. */
  data(type: string): Block {
    return only(this.content.data[type] ?? {}, `data.${type}`);
  }

  /** @returns the statements of every policy document, sorted by their ids. */
  policyStatements(): readonly Block[] {
    const documents = Object.values(this.content.data.aws_iam_policy_document ?? {});
    return documents.flatMap((document) =>
      z.array(z.record(z.string(), z.unknown())).parse(document.statement),
    );
  }

  get outputs(): Readonly<Record<string, Block>> {
    return this.content.output;
  }

  get variables(): readonly string[] {
    return Object.keys(this.content.variable);
  }

  get terraform(): Block {
    return this.content.terraform;
  }

  get imports(): readonly Block[] {
    return this.content.import;
  }

  providers(name: string): readonly Block[] {
    return this.content.provider[name] ?? [];
  }

  /** @returns every `type.id` of the template. */
  get addresses(): readonly string[] {
    return Object.entries(this.content.resource).flatMap(([type, ids]) =>
      Object.keys(ids).map((id) => `${type}.${id}`),
    );
  }
}

function only(found: Readonly<Record<string, Block>>, what: string): Block {
  const all = Object.values(found);
  const [first] = all;
  if (first === undefined || all.length > 1)
    throw new Error(`${all.length} of ${what}, where one was expected`);
  return first;
}

/** An application with a temporary output folder. */
export function testApp(): App {
  return Testing.app();
}
