// What an engine offers that lives in the process of who uses it. For measuring, that is a child
// process of its own (engine-process.ts).

export interface Engine {
  /** Makes the batches in these files ready, NDJSON with a row a fact; telling them is still to do. */
  prepare(files: readonly string[]): () => Promise<void>
  /** The one number that a query answers. */
  ask(sql: string): Promise<number>
  /** Closes it and says how many bytes it takes on disk. */
  close(): Promise<number>
}

export interface EngineKind {
  readonly name: 'clickhouse' | 'duckdb'
  readonly use: string
  readonly npmPackage: string
  readonly batchFacts: number
  readonly open: (dir: string) => Promise<Engine>
}

/** What the parent says to the child; every order is answered by a number. */
export type Order =
  | { readonly verb: 'open'; readonly name: string; readonly dir: string }
  | { readonly verb: 'prepare'; readonly files: readonly string[] }
  | { readonly verb: 'tell'; readonly part: number }
  | { readonly verb: 'ask'; readonly sql: string }
  | { readonly verb: 'close' }

export type Reply = { readonly number: number } | { readonly error: string }
