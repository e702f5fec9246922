// A queue that many owners share: they take turns, so a thousand items of one owner delay the first
// item of another by one. The items of an owner leave in the order in which they came.

export class FairQueue<Owner, Item> {
  /** Those who have items, the next in turn first. */
  readonly #itemsOf = new Map<Owner, Set<Item>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** An item may be in the queue once. */
  push(owner: Owner, item: Item): void {
    const items = this.#itemsOf.get(owner)
    if (items === undefined) this.#itemsOf.set(owner, new Set([item]))
    else items.add(item)
    this.#size++
  }

  /** The item that `shift` would remove. */
  peek(): Item | undefined {
    for (const [item] of this.#itemsOf.values()) return item
    return undefined
  }

  /** Removes the next item of those owners who may go; they have the last turn from then on. */
  shift(mayGo: (owner: Owner) => boolean = () => true): Item | undefined {
    for (const [owner, items] of this.#itemsOf) {
      if (!mayGo(owner)) continue
      const [item] = items
      if (item === undefined) continue
      this.remove(owner, item)
      if (items.size > 0) {
        this.#itemsOf.delete(owner)
        this.#itemsOf.set(owner, items)
      }
      return item
    }
    return undefined
  }

  /** False where it is not there. */
  remove(owner: Owner, item: Item): boolean {
    const items = this.#itemsOf.get(owner)
    if (items?.delete(item) !== true) return false
    if (items.size === 0) this.#itemsOf.delete(owner)
    this.#size--
    return true
  }
}
