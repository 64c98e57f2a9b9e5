// A stack with two resources. The second is created when the file `go` exists. It needs no provider and no cloud.
import { App, LocalBackend, TerraformStack } from 'cdktf';

const folder = process.env.SLOW_APP_FOLDER ?? '.';
const app = new App();
const stack = new TerraformStack(app, 'slow');
new LocalBackend(stack, { path: `${folder}/terraform.tfstate` });
stack.addOverride('resource.terraform_data.first', { input: 'first' });
stack.addOverride('resource.terraform_data.second', {
  input: 'second',
  depends_on: ['terraform_data.first'],
  provisioner: [{ 'local-exec': { command: `until [ -e ${folder}/go ]; do sleep 0.05; done` } }],
});
app.synth();
