import { describeGroupConsumers, describeTransactionalWriters } from '@reviews/streams/contract';
import { kafkaWorld } from './kafka-world.js';

describeTransactionalWriters('Kafka', kafkaWorld);
describeGroupConsumers('Kafka', kafkaWorld);
