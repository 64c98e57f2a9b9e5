import { LocalHome } from '../../../cli/local/home';
import { exampleBackend, putBackendImage } from '../../../scripts/backend-image';

// Pushes the example's image, through the endpoint of this shell.
const shell = process.env;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const clientOptions = { region: shell.AWS_REGION, endpoint: shell.AWS_ENDPOINT_URL, credentials };
void putBackendImage({ home: new LocalHome(shell), shell, clientOptions }, exampleBackend);
