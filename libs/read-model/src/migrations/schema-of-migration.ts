import type { QueryRunner } from 'typeorm';

/** The PostgreSQL schema a migration is being run for. */
export const schemaOfMigration = (queryRunner: QueryRunner): string => {
  const { options } = queryRunner.dataSource;
  if (!('schema' in options) || typeof options.schema !== 'string')
    throw new Error('Migrations run for one PostgreSQL schema, and none was named');
  return options.schema;
};
