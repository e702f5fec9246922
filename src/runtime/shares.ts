// Shares of something of which there is so much. An owner may take as much as is then left for the
// others: one alone half of it, two a third each, and however many there are, one more finds as
// much as each of them has.

export class Shares<Owner> {
  readonly #all: number
  readonly #takenBy = new Map<Owner, number>()
  #taken = 0

  constructor(all: number) {
    this.#all = all
  }

  get taken(): number {
    return this.#taken
  }

  takenBy(owner: Owner): number {
    return this.#takenBy.get(owner) ?? 0
  }

  /** Whether the owner may take so much more. */
  mayTake(owner: Owner, amount: number): boolean {
    return this.takenBy(owner) + amount <= this.#all - this.#taken - amount
  }

  take(owner: Owner, amount: number): void {
    this.#taken += amount
    this.#takenBy.set(owner, this.takenBy(owner) + amount)
  }

  giveBack(owner: Owner, amount: number): void {
    this.#taken -= amount
    const left = this.takenBy(owner) - amount
    if (left > 0) this.#takenBy.set(owner, left)
    else this.#takenBy.delete(owner)
  }
}
