import { App, LocalBackend, TerraformStack } from 'cdktf';

// The smallest deployable application: terraform_data is built into Terraform and needs no provider.
const app = new App();
const stack = new TerraformStack(app, 'small');
new LocalBackend(stack, { path: `${process.env.SMALL_APP_FOLDER ?? '.'}/terraform.tfstate` });
stack.addOverride('resource.terraform_data.node', { input: process.version });
app.synth();
