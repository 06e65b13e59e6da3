import { Module } from '@nestjs/common';
import { connections } from './connections.js';
import { SinkLifeCycle } from './sink-life-cycle.js';

/** The sink: from the aggregator's topics into the tables. */
@Module({ providers: [...connections, SinkLifeCycle] })
export class StatsSinkModule {}
