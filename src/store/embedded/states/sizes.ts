// The sizes that a sheet keeps: how many devices each selection counts. Only those that are not zero are
// held, because most sheets are pushes to one device, which few selections count.

export class Sizes {
  /** Rising; in parallel with `devices`. */
  readonly numbers: number[]
  readonly devices: number[]

  constructor(numbers: number[] = [], devices: number[] = []) {
    this.numbers = numbers
    this.devices = devices
  }

  /** What is taken away must have been added before. */
  add(number: number, devices: number): void {
    const { numbers } = this
    let place = numbers.length
    while (place > 0 && (numbers[place - 1] as number) >= number) place--
    if (numbers[place] === number) this.devices[place] = (this.devices[place] as number) + devices
    else if (place === numbers.length) {
      numbers.push(number)
      this.devices.push(devices)
    } else {
      numbers.splice(place, 0, number)
      this.devices.splice(place, 0, devices)
    }
  }

  copy(): Sizes {
    return new Sizes(this.numbers.slice(), this.devices.slice())
  }

  /** Those alone that came with a revision or before. */
  upTo(revision: number, since: ArrayLike<number>): Sizes {
    const all = new Sizes()
    for (let i = 0; i < this.numbers.length; i++) {
      const number = this.numbers[i] as number
      if ((since[number] as number) <= revision) all.add(number, this.devices[i] as number)
    }
    return all
  }

  /** By selection number, the zeros included. */
  dense(count: number): number[] {
    const all = new Array<number>(count).fill(0)
    for (let i = 0; i < this.numbers.length; i++) {
      all[this.numbers[i] as number] = this.devices[i] as number
    }
    return all
  }
}
