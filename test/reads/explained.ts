import type { Statement } from '@reviews/read-model';
import type { TestTables } from './review-rows.js';

/** What the database did for a statement. */
export interface Explained {
  /** Kinds of nodes, for example `Index Scan`. */
  readonly nodes: readonly string[];
  /** Rows that were read from tables, those thrown away included. */
  readonly rowsRead: number;
  /** Pages of 8 KB that were looked at. */
  readonly buffers: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** Runs a statement and says what it took. */
export const explained = async (tables: TestTables, { sql, values }: Statement): Promise<Explained> => {
  const [row] = await tables.sql(`explain (analyze, buffers, timing off, format json) ${sql}`, values);
  const [{ Plan: plan }] = row?.['QUERY PLAN'] as [{ Plan: PlanNode }];
  const nodes = allNodes(plan);
  const read = nodes.filter((node) => node['Relation Name'] !== undefined);
  return {
    nodes: nodes.map((node) => node['Node Type']),
    rowsRead: read.reduce(
      (sum, node) =>
        sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    ),
    buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
  };
};

const allNodes = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(allNodes)];
