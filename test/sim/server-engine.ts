// A server as the simulation drives it: the very thing that `pushledger serve` starts, told through HTTP
// and asked through HTTP, with a clock that is moved by the steps.
import { randomBytes } from 'node:crypto'
import { openApps, parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { parseSecret } from '../../src/apps/secret.ts'
import { FAULTS } from '../../src/ledger/fault.ts'
import type { StoreSettings } from '../../src/ledger/store.ts'
import { openLog } from '../../src/runtime/log.ts'
import { serve } from '../../src/server/server.ts'
import { openTables } from '../../src/store/open.ts'
import { type Caller, callerOf } from '../support/caller.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { inLinesOf, type Line } from '../support/told.ts'
import { type Engine, keyOf } from './engine.ts'
import type { Question } from './question.ts'
import type { Step } from './world.ts'

const lineDevicesMax = 10_000
const secretText = '5e987ac6d2e04d95a9d8f0d1'

export const serverEngine = async ({ keepDays }: StoreSettings): Promise<Engine> => {
  const dir = makeTempDir()
  const clock = { nowMs: 0 }
  // The clock of a world jumps by weeks, and is right: the memory engine knows no other.
  const settings = {
    ...{ rateLimit: 0, bodyBytesMax: 16_777_216, lineDevicesMax, keepDays },
    trustClock: true,
  }
  const start = () =>
    serve(
      { data: dir.path, host: '127.0.0.1', port: 0, ...settings },
      () => clock.nowMs,
      openLog('silent'),
    )
  let serving = await start()
  const callerAt = (place: number): Caller =>
    callerOf(serving.url, { key: keyOf(place), secret: secretText })

  const run = async (step: Step): Promise<readonly string[]> => {
    if ('nowMs' in step) clock.nowMs = step.nowMs
    switch (step.does) {
      case 'create':
        await changeApps(dir.path, async (apps) => {
          await apps.create({
            key: keyOf(step.app),
            secret: parseSecret(secretText),
            name: parseAppName(`App ${step.app}`)!,
            vip: true,
            timeZone: parseTimeZone(step.zoneName)!,
          })
        })
        return []
      case 'remove':
        await changeApps(dir.path, async (apps) => {
          await apps.remove(keyOf(step.app))
        })
        return []
      case 'tell':
        return [`repeated ${await tell(callerAt(step.app), step.bodies)}`]
      // It sweeps by itself, and no answer depends on when.
      case 'sweep':
        return []
      case 'reopen':
        await serving.close()
        serving = await start()
        return []
      case 'ask':
        return Promise.all(step.questions.map((question) => ask(callerAt(step.app), question)))
    }
  }
  return {
    run,
    close: async () => {
      await serving.close()
      dir.remove()
    },
  }
}

/** As a verb of the command line does, beside the server. */
const changeApps = async (
  dir: string,
  change: (apps: ReturnType<typeof openApps>) => Promise<void>,
): Promise<void> => {
  const tables = openTables(dir)
  await change(openApps(tables.apps, randomBytes, () => 0))
  await tables.close()
}

const tell = async (caller: Caller, bodies: readonly (readonly Line[])[]): Promise<number> => {
  const told = await Promise.all(
    bodies.map(async (body) => {
      const lines = body.flatMap((line) => inLinesOf(lineDevicesMax, line))
      const { accepted, repeated } = await caller.told(lines.map(eventOf))
      const facts = body.reduce((sum, { devices }) => sum + devices.length, 0)
      if (accepted !== facts) throw new Error(`${accepted} of ${facts} facts were accepted`)
      return repeated
    }),
  )
  return told.reduce((sum, repeated) => sum + repeated, 0)
}

const eventOf = (line: Line): object => {
  const { platform, atMs: time, devices: registration_ids } = line
  if ('about' in line) return { type: line.about, platform, time, registration_ids }
  const { stage: type, msgId: msg_id, channel, kind } = line
  return { type, msg_id, platform, channel, kind, time, registration_ids }
}

const ask = async (caller: Caller, { report, text }: Question): Promise<string> => {
  const answer =
    report === '/status/message'
      ? await caller.ask(`/v3${report}`, { method: 'POST', body: text })
      : await caller.ask(`${report.startsWith('/v1/') ? '' : '/v3'}${report}?${text}`)
  if (answer.status === 200) return answer.text
  const { code, message } = (answer.body as unknown as { error: { code: number; message: string } })
    .error
  const [fault] = Object.entries(FAULTS).find(([, each]) => each.code === code) ?? []
  return `${fault}: ${message}`
}
