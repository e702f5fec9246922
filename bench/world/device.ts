// Registration ids as the clients of the hosted service know them: 19 hexadecimal digits, by number.

export const deviceId = (n: number): string =>
  `1${(Math.imul(n + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}${n.toString(16).padStart(10, '0')}`
