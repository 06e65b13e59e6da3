import { AVRO_TOPICS, schemaTextOf, SchemaRegistryError, type SchemaRegistry } from '@reviews/contracts';

/** A registry that has every schema of the product, under the number of its topic in the catalogue. */
export class MemoryRegistry implements SchemaRegistry {
  isReachable = true;

  schemaById(id: number): Promise<string> {
    const topic = AVRO_TOPICS[id];
    return this.isReachable && topic !== undefined
      ? Promise.resolve(schemaTextOf(topic))
      : Promise.reject(new SchemaRegistryError('REGISTRY_UNAVAILABLE', 'no answer'));
  }

  register(): Promise<number> {
    return Promise.reject(new SchemaRegistryError('REGISTRY_REFUSED', 'a reader registers nothing'));
  }

  setCompatibility(): Promise<void> {
    return Promise.resolve();
  }

  ping(): Promise<void> {
    return this.isReachable ? Promise.resolve() : Promise.reject(new Error('no answer'));
  }
}
