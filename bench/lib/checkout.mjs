/** Where the checkout is, and the Node that its services run on. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const packagedNode = join(CHECKOUT, 'node_modules', 'node', 'bin', 'node');

/** The package's Node, whatever Node runs the benchmark: they differ by half of the CPU per event. */
export const NODE = existsSync(packagedNode) ? packagedNode : process.execPath;

/** Path of a service's main module. */
export const mainOf = (service) => join(CHECKOUT, 'dist', 'apps', service, 'src', 'main.js');
