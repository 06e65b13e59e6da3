import { describeGroupConsumers, describeTransactionalWriters } from '@reviews/streams/testing';
import { kafkaWorld } from './kafka-world.js';

describeTransactionalWriters('Kafka', kafkaWorld);
describeGroupConsumers('Kafka', kafkaWorld);
