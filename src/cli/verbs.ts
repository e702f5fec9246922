// The verbs, each in a file of its own.
import type { Command } from 'commander'

type Add = (program: Command) => void

/** In the order in which help lists them. Each is loaded when it is named, for it starts much sooner so. */
export const VERBS: Readonly<Record<string, () => Promise<Add>>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  demo: async () => (await import('./demo.ts')).addDemo,
  app: async () => (await import('./app.ts')).addApp,
  group: async () => (await import('./group.ts')).addGroup,
  import: async () => (await import('./import.ts')).addImport,
  report: async () => (await import('./report.ts')).addReport,
  export: async () => (await import('./export.ts')).addExport,
  token: async () => (await import('./token.ts')).addToken,
  config: async () => (await import('./config.ts')).addConfig,
  migrate: async () => (await import('./migrate.ts')).addMigrate,
  move: async () => (await import('./move.ts')).addMove,
  verify: async () => (await import('./verify.ts')).addVerify,
  backup: async () => (await import('./copy.ts')).addBackup,
  compact: async () => (await import('./copy.ts')).addCompact,
}
