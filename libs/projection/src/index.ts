export { projectionDecoders, type ProjectionDecoders } from './decoders.js';
export { projectionOf, type ProjectionPorts } from './projection.js';
