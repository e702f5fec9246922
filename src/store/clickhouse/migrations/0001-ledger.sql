-- The ledger, and the tables of apps, tokens and groups. In curly braces stands what a cluster says
-- otherwise than a single server: see migration.ts. Nothing is partitioned by time: rows become one
-- only within a partition.

CREATE TABLE IF NOT EXISTS messages {cluster} (
  app UInt32,
  msg_id UInt64,
  generation UInt32,
  latest SimpleAggregateFunction(max, Int32),
  first SimpleAggregateFunction(min, Int32),
  swept SimpleAggregateFunction(max, UInt8)
) ENGINE = {everywhere AggregatingMergeTree}
ORDER BY (app, msg_id, generation)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS {local facts} {cluster} (
  app UInt32,
  msg_id UInt64,
  generation UInt32,
  device String,
  cell UInt8,
  hour SimpleAggregateFunction(min, Int32)
) ENGINE = {sharded AggregatingMergeTree}
ORDER BY (app, msg_id, generation, bitShiftRight(cityHash64(device), 11), device, cell)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

{distributed facts cityHash64(device)}

CREATE TABLE IF NOT EXISTS {local members} {cluster} (
  app UInt32,
  device String
) ENGINE = {sharded ReplacingMergeTree}
ORDER BY (app, device)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

{distributed members cityHash64(device)}

-- `first` is milliseconds × 8 + the place of the platform: of a tie the first platform counts.
CREATE TABLE IF NOT EXISTS {local registrations} {cluster} (
  app UInt32,
  device String,
  first SimpleAggregateFunction(min, UInt64),
  hour SimpleAggregateFunction(min, Int32)
) ENGINE = {sharded AggregatingMergeTree}
ORDER BY (app, device)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

{distributed registrations cityHash64(device)}

-- A bit for each hour of the day.
CREATE TABLE IF NOT EXISTS {local visits} {cluster} (
  app UInt32,
  day Int32,
  about UInt8,
  platform UInt8,
  device String,
  hours SimpleAggregateFunction(groupBitOr, UInt32)
) ENGINE = {sharded AggregatingMergeTree}
ORDER BY (app, day, about, platform, device)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

{distributed visits cityHash64(device)}

-- `commit` and `server` together are of one commit: told again they are one row.
CREATE TABLE IF NOT EXISTS feed {cluster} (
  app UInt32,
  hour Int32,
  commit UInt64,
  server UInt64,
  bodies UInt32,
  accepted UInt64,
  refused Array(UInt64)
) ENGINE = {everywhere ReplacingMergeTree}
ORDER BY (app, hour, commit, server)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The last refused lines of a commit, as JSON, in the order told.
CREATE TABLE IF NOT EXISTS refusals {cluster} (
  app UInt32,
  commit UInt64,
  server UInt64,
  lines String
) ENGINE = {everywhere ReplacingMergeTree}
ORDER BY (app, commit, server)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The sizes of messages that were swept. A selection is named by a hash of its cells. Of two servers that
-- sweep at once one may find the facts half taken away already: the larger size is right.
CREATE TABLE IF NOT EXISTS totals {cluster} (
  app UInt32,
  day Int32,
  msg_id UInt64,
  generation UInt32,
  selection String,
  devices SimpleAggregateFunction(max, UInt64)
) ENGINE = {everywhere AggregatingMergeTree}
ORDER BY (app, day, msg_id, generation, selection)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Apps, groups, tokens and counters: every change is the next version of a record. That two cannot
-- write the same version is what inserts are deduplicated for.
CREATE TABLE IF NOT EXISTS records {cluster} (
  kind String,
  name String,
  version UInt64,
  nonce String,
  body String
) ENGINE = {everywhere MergeTree}
ORDER BY (kind, name, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, {deduplicated};

CREATE TABLE IF NOT EXISTS uses {cluster} (
  token String,
  at SimpleAggregateFunction(max, Int64)
) ENGINE = {everywhere AggregatingMergeTree}
ORDER BY token
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS pushes {cluster} (
  group UInt32,
  push String,
  generation UInt32,
  app UInt32,
  msg_id UInt64,
  at SimpleAggregateFunction(max, Int64)
) ENGINE = {everywhere AggregatingMergeTree}
ORDER BY (group, push, generation, app, msg_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
