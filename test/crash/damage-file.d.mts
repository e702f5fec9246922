/** Makes a damaged copy: one byte changed by a mask, or all from a place on cut off. */
export declare const damage: (told: {
  readonly from: string
  readonly dir: string
  readonly at?: number
  readonly mask?: number
  readonly cutTo?: number
}) => void
