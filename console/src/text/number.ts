// Numbers as a language writes them, in full and in short.

export interface Numbers {
  /** All digits, grouped. */
  full(value: number): string
  /** In full as long as that fits, then with a unit: 12.3M, 1230万. */
  brief(value: number): string
  /** Always with a unit from a thousand on, for axes. */
  axis(value: number): string
  /** A share of 1; a dash where there is none. */
  percent(share: number | undefined): string
}

const longestFull = 9_999_999

export const numbersOf = (locale: string): Numbers => {
  const full = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 })
  const axis = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  return {
    full: (value) => full.format(value),
    brief: (value) => (value > longestFull ? short : full).format(value),
    axis: (value) => axis.format(value),
    percent: (share) => (share === undefined ? '–' : percent.format(share)),
  }
}
