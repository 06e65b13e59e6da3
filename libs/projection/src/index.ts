export { projectionDecoders } from './decoders.js';
export { projectionOf, type ProjectionPorts } from './projection.js';
export { SINK_TOPICS } from './sink-topics.js';
