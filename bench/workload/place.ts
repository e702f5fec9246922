// A ledger of one app for the workloads that measure this server alone: running, with connections to
// it, stopped and started as often as is wanted, and taken away at the end.
import { tell } from '../peers/pushledger.ts'
import { createLedger, type Ledger, type MeasuredServer } from '../server.ts'
import { connections } from '../size.ts'
import { Connection } from '../wire/connection.ts'
import { bodiesOf, type Told } from '../world/told.ts'

export class Place {
  readonly #ledger: Ledger
  #server: MeasuredServer | undefined
  #to: readonly Connection[] = []

  private constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** Runs the work on a fresh ledger. */
  static async use(work: (place: Place) => Promise<void>): Promise<void> {
    const place = new Place(createLedger(1))
    try {
      await place.start()
      await work(place)
    } finally {
      await place.stop()
      place.#ledger.remove()
    }
  }

  get authorization(): string {
    return this.#ledger.authorizations[0] as string
  }

  get to(): readonly Connection[] {
    return this.#to
  }

  get server(): MeasuredServer {
    if (this.#server === undefined) throw new Error('the server is stopped')
    return this.#server
  }

  async start(): Promise<void> {
    this.#server = await this.#ledger.serve()
    this.#to = await this.more(connections)
  }

  /** Bytes on disk once it is stopped. */
  async stop(): Promise<number> {
    for (const connection of this.#to) connection.close()
    await this.#server?.stop()
    this.#server = undefined
    return this.#ledger.diskBytes()
  }

  more(count: number): Promise<Connection[]> {
    return Promise.all(Array.from({ length: count }, () => Connection.open(this.server.url)))
  }

  /** Tells it all, grouped, made on the way. */
  async tell(all: Iterable<Told>): Promise<void> {
    await tell(bodiesOf(this.authorization, all), this.#to)
  }
}
