// What PostgreSQL, ClickHouse and DuckDB are asked alike: a row a fact, in a table `facts`.
import { receivedCells } from '../world/table.ts'
import type { Received } from '../world/world.ts'

export const receivedSql = ({ app, msg }: Received): string =>
  `select count(distinct registration_id) from facts
   where app = ${app} and msg_id = ${msg} and cell in (${receivedCells.join()})`

export const distinctSql = 'select count(*) from (select distinct * from facts) as once'
